namespace NNGen.Generators.Ops.Derived;

/// <summary>Activation functions over elementwise primitives.</summary>
public static class Activations
{
    public static Value Square(Value x) => x * x;

    public static Value LeakyRelu(Value x, double slope) => x.IsUnknown ? x : Elementwise.Where(x < 0, x * slope, x);

    /// <summary>x where positive, slope x elsewhere, the slope a parameter (He et al. 2015).</summary>
    public static Value PRelu(Value x, Value slope) => x.IsUnknown ? x : Elementwise.Where(x < 0, x * slope, x);

    /// <summary>e^x - 1 below zero (Clevert et al. 2016). The branch not taken sees 0, so that its infinities never meet the gradient.</summary>
    public static Value Elu(Value x, double alpha = 1) =>
        x.IsUnknown ? x : Elementwise.Where(x < 0, alpha * (Exp(Elementwise.Where(x < 0, x, x.Builder.Literal(0))) - 1), x);

    /// <summary>Klambauer et al. 2017, with its two constants.</summary>
    public static Value Selu(Value x) => 1.0507009873554804934193349852946 * Elu(x, 1.6732632423543772848170429916717);

    /// <summary>x sigmoid(x).</summary>
    public static Value Silu(Value x) => x * x.Builder.Apply(Elementwise.Sigmoid, x);

    /// <summary>x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the form with tanh of Hendrycks and Gimpel 2016.</summary>
    public static Value Gelu(Value x) => 0.5 * x * (1 + x.Builder.Apply(Elementwise.Tanh, 0.79788456080286535588 * (x + 0.044715 * (x * x * x))));

    /// <summary>min(max(x / 6 + 1/2, 0), 1), as in PyTorch.</summary>
    public static Value HardSigmoid(Value x) => Clamp(x / 6 + 0.5, 0, 1);

    public static Value HardSwish(Value x) => x * HardSigmoid(x);

    public static Value Clamp(Value x, double minimum, double maximum) =>
        x.Builder.Apply(Elementwise.Minimum, x.Builder.Apply(Elementwise.Maximum, x, x.Builder.Literal(minimum)), x.Builder.Literal(maximum));

    public static Value Exp(Value x) => x.Builder.Apply(Elementwise.Exp, x);

    public static Value Log(Value x) => x.Builder.Apply(Elementwise.Log, x);

    /// <summary>x^exponent; small whole exponents are products, which hold for negative x as well.</summary>
    public static Value Power(Value x, double exponent) => x.IsUnknown ? x : exponent switch
    {
        0 => Broadcasting.To(x.Builder.Literal(1), x.Type.Sizes, x.Type.Batched),
        1 => x,
        2 => x * x,
        3 => x * x * x,
        -1 => 1 / x,
        0.5 => x.Builder.Apply(Elementwise.Sqrt, x),
        _ => x.Builder.Apply(Elementwise.Power, x, x.Builder.Literal(exponent)),
    };

    /// <summary>x - max x - log sum exp(x - max x) along an axis: no exponential overflows. No gradient flows through the maximum, whose terms cancel.</summary>
    public static Value LogSoftmax(Value x, int axis) =>
        Centred(x, axis, "LogSoftmax", (centred, kept) =>
        x.Builder.Labelled(centred - Along(Log(Statistics.Sum(Exp(centred), axis)), centred, kept), "logSoftmax"));

    public static Value Softmax(Value x, int axis) => Centred(x, axis, "Softmax", (centred, kept) =>
    {
        var e = Exp(centred);
        return x.Builder.Labelled(e / Along(Statistics.Sum(e, axis), e, kept), "softmax");
    });

    private static Value Centred(Value x, int axis, string layer, Func<Value, int[], Value> function)
    {
        if (x.IsUnknown)
            return x;
        if (axis < 0 || axis >= x.Type.Rank)
            return x.Builder.Faulty("NNG1007", $"{layer} along axis {axis}, but {x.Type.Sizes} has the axes 0 to {x.Type.Rank - 1}");
        int[] kept = [.. Enumerable.Range(0, x.Type.Rank).Where(i => i != axis)];
        var largest = x.Builder.Apply(Elementwise.StopGradient, Statistics.Max(x, axis));
        return function(x - Along(largest, x, kept), kept);
    }

    private static Value Along(Value reduced, Value like, int[] kept) => Broadcasting.Along(reduced, like.Type.Sizes, reduced.Type.Batched, kept);
}
