namespace NNGen;

/// <summary>
/// How a parameter gets its first values. A closed union: <see cref="Fill"/>, <see cref="UniformWithin"/>, <see cref="NormallyDistributed"/>,
/// <see cref="FanInUniform"/>, <see cref="KaimingNormal"/>, <see cref="XavierUniform"/>; write them through the static members.
/// </summary>
/// <remarks>
/// As a scheme of <c>Initialize(seed, scheme)</c> it replaces the default, <see cref="FanIn"/>, and only it: tensors with an initialiser of their own
/// (batch norm's weight 1 and bias 0, buffers, a <c>Parameter</c> given one) keep theirs. Schemes other than FanIn are rules for weights; biases
/// (tensors of rank 0 or 1) then start at 0, as both papers do.
/// </remarks>
public abstract record Initializer
{
    private Initializer()
    {
    }

    /// <summary>All 0.</summary>
    public static Initializer Zero { get; } = new Fill(0f);

    /// <summary>All 1.</summary>
    public static Initializer One { get; } = new Fill(1f);

    /// <summary>
    /// The default: uniform in [-1/sqrt(fan_in), 1/sqrt(fan_in)) for weights and biases, as PyTorch does; fan_in is the number of inputs of one output.
    /// </summary>
    public static Initializer FanIn { get; } = new FanInUniform();

    /// <summary>Normal with variance 2 / fan_in, for layers before a ReLU. He et al. 2015, <i>Delving Deep into Rectifiers</i>, eq. 10.</summary>
    public static Initializer Kaiming { get; } = new KaimingNormal();

    /// <summary>
    /// Uniform in [-a, a) with a = sqrt(6 / (fan_in + fan_out)), for layers before a tanh. Glorot and Bengio 2010, <i>Understanding the difficulty of
    /// training deep feedforward neural networks</i>, eq. 16.
    /// </summary>
    public static Initializer Xavier { get; } = new XavierUniform();

    /// <summary>All the same finite value.</summary>
    public static Initializer Constant(float value) => new Fill(value);

    /// <summary>Uniform in [-bound, bound); the bound is finite and not negative.</summary>
    public static Initializer Uniform(float bound) => new UniformWithin(bound);

    /// <summary>Normal with mean 0 and the given standard deviation, finite and not negative.</summary>
    public static Initializer Normal(float deviation) => new NormallyDistributed(deviation);

    /// <summary>See <see cref="Constant"/>, <see cref="Zero"/>, <see cref="One"/>.</summary>
    public sealed record Fill(float Value) : Initializer;

    /// <summary>See <see cref="Uniform"/>.</summary>
    public sealed record UniformWithin(float Bound) : Initializer
    {
        /// <summary>Half the width of the interval.</summary>
        public float Bound { get; init; } = Checked(Bound, nameof(Bound));
    }

    /// <summary>See <see cref="Normal"/>.</summary>
    public sealed record NormallyDistributed(float Deviation) : Initializer
    {
        /// <summary>The standard deviation.</summary>
        public float Deviation { get; init; } = Checked(Deviation, nameof(Deviation));
    }

    /// <summary>See <see cref="FanIn"/>.</summary>
    public sealed record FanInUniform : Initializer;

    /// <summary>See <see cref="Kaiming"/>.</summary>
    public sealed record KaimingNormal : Initializer;

    /// <summary>See <see cref="Xavier"/>.</summary>
    public sealed record XavierUniform : Initializer;

    private static float Checked(float value, string name) => float.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "must be finite and not negative");
}
