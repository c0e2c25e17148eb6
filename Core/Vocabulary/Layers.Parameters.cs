namespace NNGen;

/// <summary>
/// The vocabulary that networks are written in; see <c>using static NNGen.Layers</c>. Shapes are those of one sample, the batch is not counted: images
/// are [C, H, W], vectors [F]. Calls are read while the project builds: none computes anything by itself.
/// </summary>
public static partial class Layers
{
    /// <summary>Fully connected: y = W x + b. [.., F] to [.., features]; parameters <c>weight</c> [features, F], <c>bias</c> [features].</summary>
    /// <param name="features">The size of the output's last axis, at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    public static Layer Dense(int features, bool bias = true) => Signature.Layer(nameof(Dense));

    /// <summary>
    /// Convolution (cross-correlation): [I, H, W] to [channels, H', W'], H' = (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1, rounded down;
    /// parameters <c>weight</c> [channels, I / groups, kernel, kernel], <c>bias</c> [channels].
    /// </summary>
    /// <param name="channels">Output channels, a multiple of <paramref name="groups"/>.</param>
    /// <param name="kernel">Side of the square kernel, in pixels.</param>
    /// <param name="stride">Step between outputs, in pixels.</param>
    /// <param name="padding">Zeros added on each side, in pixels.</param>
    /// <param name="dilation">Distance of neighbouring taps, in pixels; 1 is dense (à trous above).</param>
    /// <param name="groups">Channel groups that do not see each other; divides both channel counts.</param>
    /// <param name="bias">Whether a bias per channel is added.</param>
    public static Layer Conv(int channels, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true)
        => Signature.Layer(nameof(Conv));

    /// <summary>
    /// Convolution with separate settings for height and width; see <see cref="Conv(int, int, int, int, int, int, bool)"/>. Parameter <c>weight</c>
    /// [channels, I / groups, kernel.Height, kernel.Width].
    /// </summary>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Sides of the kernel.</param>
    /// <param name="stride">Step between outputs.</param>
    /// <param name="padding">Zeros added on each side.</param>
    /// <param name="dilation">Distance of neighbouring taps.</param>
    /// <param name="groups">Channel groups.</param>
    /// <param name="bias">Whether a bias per channel is added.</param>
    public static Layer Conv(
        int channels,
        (int Height, int Width) kernel,
        (int Height, int Width) stride,
        (int Height, int Width) padding,
        (int Height, int Width) dilation,
        int groups = 1,
        bool bias = true) => Signature.Layer(nameof(Conv));

    /// <summary>
    /// Transposed convolution, the adjoint of <see cref="Conv(int, int, int, int, int, int, bool)"/>: [I, H, W] to [channels, H', W'],
    /// H' = (H - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1; parameters <c>weight</c> [I, channels / groups, kernel, kernel],
    /// <c>bias</c> [channels].
    /// </summary>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Side of the square kernel.</param>
    /// <param name="stride">Step between the places of neighbouring inputs in the output.</param>
    /// <param name="padding">Pixels cut from each side of the output.</param>
    /// <param name="outputPadding">Pixels added at the bottom and the right; less than the stride or the dilation.</param>
    /// <param name="dilation">Distance of neighbouring taps.</param>
    /// <param name="groups">Channel groups; divides both channel counts.</param>
    /// <param name="bias">Whether a bias per channel is added.</param>
    public static Layer ConvTranspose(
        int channels, int kernel, int stride = 1, int padding = 0, int outputPadding = 0, int dilation = 1, int groups = 1, bool bias = true)
        => Signature.Layer(nameof(ConvTranspose));

    /// <summary>
    /// Batch normalisation per channel (axis 0 of the sample), shape unchanged: y = weight (x - mean) / sqrt(variance + epsilon) + bias. While training,
    /// mean and variance are those of the batch; in inference those of the buffers <c>running_mean</c>, <c>running_var</c> [C], which training moves by
    /// <paramref name="momentum"/>. Parameters <c>weight</c> [C] (from 1), <c>bias</c> [C] (from 0). Ioffe and Szegedy 2015.
    /// </summary>
    /// <param name="momentum">running = (1 - momentum) running + momentum batch; the variance that enters is the unbiased one.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static Layer BatchNorm(float momentum = 0.1f, float epsilon = 1e-5f) => Signature.Layer(nameof(BatchNorm));

    /// <summary>
    /// Parametric ReLU: x where x &gt;= 0, weight x elsewhere, with one slope for all channels: parameter <c>weight</c> [1]. He et al. 2015.
    /// </summary>
    /// <param name="slope">The slope's first value.</param>
    public static Layer PRelu(float slope = 0.25f) => Signature.Layer(nameof(PRelu));

    /// <summary>A trained tensor of one's own.</summary>
    /// <param name="shape">Its shape; <c>[]</c> is one number.</param>
    /// <param name="initializer">Its first values; the default is <see cref="Initializer.FanIn"/>.</param>
    /// <param name="name">Its name; the default is the variable that holds it.</param>
    public static Tensor Parameter(int[] shape, Initializer? initializer = null, string? name = null) => throw Signature.Only(nameof(Parameter));

    /// <summary>Numbers known while the project builds, not trained.</summary>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="shape">The shape; its product is the number of values. Without one the constant is a vector.</param>
    public static Tensor Constant(float[] values, params int[] shape) => throw Signature.Only(nameof(Constant));

    /// <summary>The layer under a name of one's own: its parameters are <c>name.weight</c>, ... instead of being named by place.</summary>
    /// <param name="name">The name; unique among its neighbours.</param>
    /// <param name="layer">The layer.</param>
    public static Layer Named(string name, Layer layer) => Signature.Layer(nameof(Named));

    /// <summary>Another network as a layer, over that network's own parameters, which are trained with this one.</summary>
    /// <param name="network">The network.</param>
    /// <typeparam name="T">Its [Network] class, with one input and one output.</typeparam>
    public static Layer Use<T>(T network) where T : class => Signature.Layer(nameof(Use));

    /// <summary>Another network as a layer whose parameters are not trained here.</summary>
    /// <param name="network">The frozen network.</param>
    /// <typeparam name="T">Its [Network] class, with one input and one output.</typeparam>
    public static Layer Use<T>(Frozen<T> network) where T : class => Signature.Layer(nameof(Use));

    /// <summary>A fresh copy of another network's function as a layer: its parameters become parameters of this network.</summary>
    /// <typeparam name="T">The [Network] class, with one input and one output.</typeparam>
    public static Layer Use<T>() where T : class => Signature.Layer(nameof(Use));
}
