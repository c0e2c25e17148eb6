using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace NNGen;

/// <summary>
/// Stochastic gradient descent. With g' = g + WeightDecay p: v = Momentum v + g', p -= LearningRate v; with Nesterov
/// p -= LearningRate (g' + Momentum v). Without momentum p -= LearningRate g'.
/// </summary>
/// <param name="LearningRate">Step size, not negative.</param>
/// <param name="Momentum">How much of the last direction stays, in [0, 1).</param>
/// <param name="Nesterov">Whether the step looks ahead (Sutskever et al. 2013).</param>
/// <param name="WeightDecay">L2 penalty: WeightDecay / 2 |p|² is added to the loss; not negative.</param>
public sealed record Sgd(double LearningRate = 0.01, double Momentum = 0, bool Nesterov = false, double WeightDecay = 0) : Optimizer
{
    /// <summary>Learning rate 0.01, no momentum.</summary>
    public static Sgd Default { get; } = new();

    /// <summary>Step size, not negative.</summary>
    public double LearningRate { get; init => field = NotNegative(value, nameof(LearningRate)); } = NotNegative(LearningRate, nameof(LearningRate));

    /// <summary>How much of the last direction stays, in [0, 1).</summary>
    public double Momentum { get; init => field = BelowOne(value, nameof(Momentum)); } = BelowOne(Momentum, nameof(Momentum));

    /// <summary>L2 penalty, not negative.</summary>
    public double WeightDecay { get; init => field = NotNegative(value, nameof(WeightDecay)); } = NotNegative(WeightDecay, nameof(WeightDecay));

    /// <inheritdoc/>
    public override int StateCount(int parameters) => Momentum == 0 ? 0 : parameters;

    internal override ImmutableArray<(string Name, double Value)> Settings =>
        [(nameof(LearningRate), LearningRate), (nameof(Momentum), Momentum), (nameof(Nesterov), Nesterov ? 1 : 0), (nameof(WeightDecay), WeightDecay)];

    private protected override void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state, long step)
    {
        var whole = parameters.Length - (parameters.Length % Vector<float>.Count);
        Whole(parameters[..whole], gradient[..whole], Momentum == 0 ? default : state[..whole]);

        // The rest goes through the same code, padded to a vector.
        var rest = parameters.Length - whole;
        Span<float> p = stackalloc float[Vector<float>.Count], g = stackalloc float[Vector<float>.Count], v = stackalloc float[Vector<float>.Count];
        parameters[whole..].CopyTo(p);
        gradient[whole..].CopyTo(g);
        if (Momentum != 0)
            state[whole..].CopyTo(v);
        Whole(p, g, v);
        p[..rest].CopyTo(parameters[whole..]);
        if (Momentum != 0)
            v[..rest].CopyTo(state[whole..]);
    }

    private void Whole(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
    {
        ref var parameter = ref MemoryMarshal.GetReference(parameters);
        ref var slope = ref MemoryMarshal.GetReference(gradient);
        ref var velocity = ref MemoryMarshal.GetReference(state);
        var (rate, momentum, decay) = (new Vector<float>((float)LearningRate), new Vector<float>((float)Momentum), new Vector<float>((float)WeightDecay));
        var (decays, hasMomentum, looksAhead) = (WeightDecay != 0, Momentum != 0, Nesterov);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector<float>.Count)
        {
            var p = Vector.LoadUnsafe(ref parameter, i);
            var g = Vector.LoadUnsafe(ref slope, i);
            if (decays)
                g += decay * p;
            if (hasMomentum)
            {
                var v = (momentum * Vector.LoadUnsafe(ref velocity, i)) + g;
                v.StoreUnsafe(ref velocity, i);
                g = looksAhead ? g + (momentum * v) : v;
            }

            (p - (rate * g)).StoreUnsafe(ref parameter, i);
        }
    }
}
