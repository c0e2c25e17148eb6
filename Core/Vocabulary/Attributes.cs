namespace NNGen;

/// <summary>
/// Marks a partial class as a neural network. The generator reads its static <c>Forward</c>, <c>Loss</c> and <see cref="MetricAttribute">[Metric]</see>
/// functions while the project builds and adds the compiled network to the class.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute : Attribute
{
    /// <summary>Programs to generate besides predict, evaluate and loss-and-gradient. Each adds to the size of the code.</summary>
    public Programs Programs { get; set; }

    /// <summary>How convolutions may be computed.</summary>
    public Arithmetic Arithmetic { get; set; }
}

/// <summary>
/// The sizes of one sample of a parameter of <c>Forward</c> or <c>Loss</c>: <c>[Shape(1, 28, 28)] Tensor image</c>; <c>[Shape]</c> is one number per
/// sample. Several on one parameter make several specialisations over the same parameters.
/// </summary>
/// <param name="sizes">The sizes, each at least 1; channels, height, width for an image. The batch is not counted.</param>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = true)]
public sealed class ShapeAttribute(params int[] sizes) : Attribute
{
    /// <summary>The sizes of one sample.</summary>
    public int[] Sizes { get; } = sizes;
}

/// <summary>How many classes the <see cref="Labels"/> of a <c>Loss</c> distinguish.</summary>
/// <param name="count">The number of classes, at least 1: labels lie in [0, count).</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ClassesAttribute(int count) : Attribute
{
    /// <summary>The number of classes.</summary>
    public int Count { get; } = count;
}

/// <summary>
/// Marks a static function of a network that measures it, beside the loss: <c>[Metric] static Scalar Accuracy(Tensor logits, Labels digit)</c>. Its
/// parameters are bound as those of <c>Loss</c>; each becomes a number of the generated record <c>Metrics</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MetricAttribute : Attribute;
