using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

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

    private protected override void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, long step)
    {
        if (Avx512F.IsSupported)
            Apply<SixteenFloats>(parameters, gradient, first);
        else
            Apply<NativeFloats>(parameters, gradient, first);
    }

    private void Apply<TVector>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
        where TVector : struct, IFloatVector<TVector>
    {
        var whole = parameters.Length - (parameters.Length % TVector.Count);
        Whole<TVector>(parameters[..whole], gradient[..whole], Momentum == 0 ? default : state[..whole]);

        // The rest goes through the same code, padded to a vector.
        var rest = parameters.Length - whole;
        Span<float> p = stackalloc float[TVector.Count], g = stackalloc float[TVector.Count], v = stackalloc float[TVector.Count];
        parameters[whole..].CopyTo(p);
        gradient[whole..].CopyTo(g);
        if (Momentum != 0)
            state[whole..].CopyTo(v);
        Whole<TVector>(p, g, v);
        p[..rest].CopyTo(parameters[whole..]);
        if (Momentum != 0)
            v[..rest].CopyTo(state[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Whole<TVector>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
        where TVector : struct, IFloatVector<TVector>
    {
        ref var parameter = ref MemoryMarshal.GetReference(parameters);
        ref var slope = ref MemoryMarshal.GetReference(gradient);
        ref var velocity = ref MemoryMarshal.GetReference(state);
        var (rate, momentum, decay) = (TVector.Of((float)LearningRate), TVector.Of((float)Momentum), TVector.Of((float)WeightDecay));
        var (decays, hasMomentum, looksAhead) = (WeightDecay != 0, Momentum != 0, Nesterov);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)TVector.Count)
        {
            var p = TVector.Load(ref parameter, i);
            var g = TVector.Load(ref slope, i);
            if (decays)
                g += decay * p;
            if (hasMomentum)
            {
                var v = (momentum * TVector.Load(ref velocity, i)) + g;
                v.Store(ref velocity, i);
                g = looksAhead ? g + (momentum * v) : v;
            }

            (p - (rate * g)).Store(ref parameter, i);
        }
    }
}
