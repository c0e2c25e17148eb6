using System.Collections.Immutable;

namespace NNGen;

/// <summary>
/// <see cref="Adam"/> with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): p is first multiplied by 1 - LearningRate WeightDecay, and the
/// moments see the gradient alone.
/// </summary>
/// <param name="LearningRate">Step size, not negative.</param>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">Added to the root of the second moment, not negative.</param>
/// <param name="WeightDecay">How much parameters shrink per step, in units of the learning rate; not negative.</param>
public sealed record AdamW(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0.01) : Optimizer
{
    /// <summary>Learning rate 0.001, betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01.</summary>
    public static AdamW Default { get; } = new();

    /// <summary>Step size, not negative.</summary>
    public double LearningRate { get; init => field = NotNegative(value, nameof(LearningRate)); } = NotNegative(LearningRate, nameof(LearningRate));

    /// <summary>Decay of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init => field = BelowOne(value, nameof(Beta1)); } = BelowOne(Beta1, nameof(Beta1));

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init => field = BelowOne(value, nameof(Beta2)); } = BelowOne(Beta2, nameof(Beta2));

    /// <summary>Added to the root of the second moment, not negative.</summary>
    public double Epsilon { get; init => field = NotNegative(value, nameof(Epsilon)); } = NotNegative(Epsilon, nameof(Epsilon));

    /// <summary>How much parameters shrink per step, not negative.</summary>
    public double WeightDecay { get; init => field = NotNegative(value, nameof(WeightDecay)); } = NotNegative(WeightDecay, nameof(WeightDecay));

    /// <inheritdoc/>
    public override int StateCount(int parameters) => checked(2 * parameters);

    internal override ImmutableArray<(string Name, double Value)> Settings =>
    [
        (nameof(LearningRate), LearningRate), (nameof(Beta1), Beta1), (nameof(Beta2), Beta2), (nameof(Epsilon), Epsilon), (nameof(WeightDecay), WeightDecay),
    ];

    private protected override void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, long step) =>
        new AdamRule(LearningRate, Beta1, Beta2, Epsilon, penalty: 0, shrink: LearningRate * WeightDecay, step).Apply(parameters, gradient, first, second);
}
