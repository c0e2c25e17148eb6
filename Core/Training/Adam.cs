using System.Collections.Immutable;

namespace NNGen;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1). With g' = g + WeightDecay p: m = Beta1 m + (1 - Beta1) g', v = Beta2 v + (1 - Beta2) g'²,
/// p -= LearningRate m^ / (sqrt(v^) + Epsilon), where m^ = m / (1 - Beta1^t), v^ = v / (1 - Beta2^t).
/// </summary>
/// <param name="LearningRate">Step size, not negative.</param>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">Added to the root of the second moment, not negative.</param>
/// <param name="WeightDecay">L2 penalty: WeightDecay / 2 |p|² is added to the loss; not negative. See <see cref="AdamW"/> for the decoupled kind.</param>
public sealed record Adam(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0) : Optimizer
{
    /// <summary>Learning rate 0.001, betas 0.9 and 0.999, epsilon 1e-8, as in the paper.</summary>
    public static Adam Default { get; } = new();

    /// <summary>Step size, not negative.</summary>
    public double LearningRate { get; init => field = NotNegative(value, nameof(LearningRate)); } = NotNegative(LearningRate, nameof(LearningRate));

    /// <summary>Decay of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init => field = BelowOne(value, nameof(Beta1)); } = BelowOne(Beta1, nameof(Beta1));

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init => field = BelowOne(value, nameof(Beta2)); } = BelowOne(Beta2, nameof(Beta2));

    /// <summary>Added to the root of the second moment, not negative.</summary>
    public double Epsilon { get; init => field = NotNegative(value, nameof(Epsilon)); } = NotNegative(Epsilon, nameof(Epsilon));

    /// <summary>L2 penalty, not negative.</summary>
    public double WeightDecay { get; init => field = NotNegative(value, nameof(WeightDecay)); } = NotNegative(WeightDecay, nameof(WeightDecay));

    /// <inheritdoc/>
    public override int StateCount(int parameters) => checked(2 * parameters);

    internal override ImmutableArray<(string Name, double Value)> Settings =>
    [
        (nameof(LearningRate), LearningRate), (nameof(Beta1), Beta1), (nameof(Beta2), Beta2), (nameof(Epsilon), Epsilon), (nameof(WeightDecay), WeightDecay),
    ];

    private protected override void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, long step) =>
        new AdamRule(LearningRate, Beta1, Beta2, Epsilon, penalty: WeightDecay, shrink: 0, step).Apply(parameters, gradient, first, second);
}
