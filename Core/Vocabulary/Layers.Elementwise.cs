namespace NNGen;

public static partial class Layers
{
    /// <summary>max(x, 0); the derivative at 0 is 0. Any shape.</summary>
    public static Layer Relu => Signature.Layer(nameof(Relu));

    /// <summary>The hyperbolic tangent. Any shape.</summary>
    public static Layer Tanh => Signature.Layer(nameof(Tanh));

    /// <summary>1 / (1 + e^-x). Any shape.</summary>
    public static Layer Sigmoid => Signature.Layer(nameof(Sigmoid));

    /// <summary>log(1 + e^x). Any shape.</summary>
    public static Layer Softplus => Signature.Layer(nameof(Softplus));

    /// <summary>e^x. Any shape.</summary>
    public static Layer Exp => Signature.Layer(nameof(Exp));

    /// <summary>The natural logarithm. Any shape.</summary>
    public static Layer Log => Signature.Layer(nameof(Log));

    /// <summary>The square root. Any shape.</summary>
    public static Layer Sqrt => Signature.Layer(nameof(Sqrt));

    /// <summary>|x|; the derivative at 0 is 0. Any shape.</summary>
    public static Layer Abs => Signature.Layer(nameof(Abs));

    /// <summary>x * x. Any shape.</summary>
    public static Layer Square => Signature.Layer(nameof(Square));

    /// <summary>The sine of x in radians. Any shape.</summary>
    public static Layer Sin => Signature.Layer(nameof(Sin));

    /// <summary>The cosine of x in radians. Any shape.</summary>
    public static Layer Cos => Signature.Layer(nameof(Cos));

    /// <summary>x where x &gt; 0, e^x - 1 elsewhere. Clevert et al. 2016. Any shape.</summary>
    public static Layer Elu => Signature.Layer(nameof(Elu));

    /// <summary>The scaled ELU with the constants of Klambauer et al. 2017. Any shape.</summary>
    public static Layer Selu => Signature.Layer(nameof(Selu));

    /// <summary>x sigmoid(x), also called swish. Any shape.</summary>
    public static Layer Silu => Signature.Layer(nameof(Silu));

    /// <summary>x Phi(x) with the normal distribution's Phi in its form with tanh (Hendrycks and Gimpel 2016), within 5e-4 of the one with erf. Any shape.</summary>
    public static Layer Gelu => Signature.Layer(nameof(Gelu));

    /// <summary>clamp(x / 6 + 1 / 2, 0, 1). Any shape.</summary>
    public static Layer HardSigmoid => Signature.Layer(nameof(HardSigmoid));

    /// <summary>x clamp(x / 6 + 1 / 2, 0, 1). Any shape.</summary>
    public static Layer HardSwish => Signature.Layer(nameof(HardSwish));

    /// <summary>1 where x &gt; 0, else 0: Rosenblatt's perceptron. Its derivative is 0, so nothing before it learns; the compiler warns. Any shape.</summary>
    public static Layer Step => Signature.Layer(nameof(Step));

    /// <summary>x where x &gt;= 0, slope x elsewhere. Any shape.</summary>
    /// <param name="slope">The slope on the negative side.</param>
    public static Layer LeakyRelu(float slope = 0.01f) => Signature.Layer(nameof(LeakyRelu));

    /// <summary>min(max(x, minimum), maximum); the derivative outside is 0. Any shape.</summary>
    /// <param name="minimum">The least result.</param>
    /// <param name="maximum">The greatest result, at least <paramref name="minimum"/>.</param>
    public static Layer Clamp(float minimum, float maximum) => Signature.Layer(nameof(Clamp));

    /// <summary>x to the power of a number. Any shape.</summary>
    /// <param name="exponent">The exponent.</param>
    public static Layer Power(float exponent) => Signature.Layer(nameof(Power));

    /// <summary>Elementwise x to the power of exponent, with broadcasting.</summary>
    /// <param name="x">The base; positive where the exponent is not an integer.</param>
    /// <param name="exponent">The exponent.</param>
    public static Tensor Pow(Tensor x, Tensor exponent) => throw Signature.Only(nameof(Pow));

    /// <summary>Elementwise x to the power of a number.</summary>
    /// <param name="x">The base.</param>
    /// <param name="exponent">The exponent.</param>
    public static Tensor Pow(Tensor x, float exponent) => throw Signature.Only(nameof(Pow));

    /// <summary>Elementwise maximum, with broadcasting; where both are equal the gradient goes to a.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other side.</param>
    public static Tensor Max(Tensor a, Tensor b) => throw Signature.Only(nameof(Max));

    /// <summary>Elementwise maximum with a number. Write <c>0f</c>: an int is an axis, see <see cref="Max(Tensor, int[])"/>.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The number.</param>
    public static Tensor Max(Tensor a, float b) => throw Signature.Only(nameof(Max));

    /// <summary>Elementwise minimum, with broadcasting; where both are equal the gradient goes to a.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other side.</param>
    public static Tensor Min(Tensor a, Tensor b) => throw Signature.Only(nameof(Min));

    /// <summary>Elementwise minimum with a number. Write <c>0f</c>: an int is an axis, see <see cref="Min(Tensor, int[])"/>.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The number.</param>
    public static Tensor Min(Tensor a, float b) => throw Signature.Only(nameof(Min));

    /// <summary>Elementwise a where the mask holds, b elsewhere, with broadcasting; each gradient flows only where its side was chosen.</summary>
    /// <param name="mask">A comparison of tensors.</param>
    /// <param name="a">Taken where the mask holds.</param>
    /// <param name="b">Taken elsewhere.</param>
    public static Tensor Where(Mask mask, Tensor a, Tensor b) => throw Signature.Only(nameof(Where));

    /// <inheritdoc cref="Where(Mask, Tensor, Tensor)"/>
    public static Tensor Where(Mask mask, Tensor a, float b) => throw Signature.Only(nameof(Where));

    /// <inheritdoc cref="Where(Mask, Tensor, Tensor)"/>
    public static Tensor Where(Mask mask, float a, Tensor b) => throw Signature.Only(nameof(Where));

    /// <inheritdoc cref="Where(Mask, Tensor, Tensor)"/>
    public static Tensor Where(Mask mask, float a, float b) => throw Signature.Only(nameof(Where));

    /// <summary>x itself, through which no gradient flows.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor StopGradient(Tensor x) => throw Signature.Only(nameof(StopGradient));
}
