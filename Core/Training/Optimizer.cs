using System.Collections.Immutable;
using System.Globalization;

namespace NNGen;

/// <summary>
/// How parameters follow the gradient. A closed union of <see cref="Sgd"/>, <see cref="Adam"/> and <see cref="AdamW"/>: immutable values whose
/// <see cref="Update"/> is a function of its arguments alone. Formulas are PyTorch's.
/// </summary>
/// <remarks>
/// Constants are computed in double and rounded to float once; then everything is elementwise multiplication, addition, division and square root, without
/// fused operations, so that results are the same bits at every vector width.
/// </remarks>
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>Floats of state (momentum, moments) that <see cref="Update"/> keeps for so many parameters; all start at 0.</summary>
    /// <param name="parameters">The number of parameters.</param>
    public abstract int StateCount(int parameters);

    /// <summary>One step: changes the parameters and the state in place.</summary>
    /// <param name="parameters">All parameters, flat.</param>
    /// <param name="gradient">d loss / d parameters, of the same length.</param>
    /// <param name="state"><see cref="StateCount"/> floats, 0 before the first step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is less than 1.</exception>
    /// <seealso cref="ParameterUpdate"/>
    public void Update(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state, long step)
    {
        Check(parameters.Length, gradient.Length, state.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        UpdatePart(parameters, gradient, state, step, 0, parameters.Length);
    }

    /// <summary>The same for the parameters from one up to another, their gradient and their state.</summary>
    internal void UpdatePart(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state, long step, int from, int to)
    {
        // Each kind of state is as long as all parameters.
        var (count, kinds) = (parameters.Length, StateCount(1));
        Apply(parameters[from..to], gradient[from..to], kinds > 0 ? state[from..to] : default, kinds > 1 ? state[(count + from)..(count + to)] : default, step);
    }

    internal void Check(int parameters, int gradient, int state)
    {
        if (gradient != parameters)
            throw new ArgumentException($"there are {parameters} parameters, but {gradient} numbers in the gradient", nameof(gradient));
        if (state != StateCount(parameters))
            throw new ArgumentException($"{Kind} keeps {StateCount(parameters)} floats of state for {parameters} parameters, got {state}", nameof(state));
    }

    /// <summary>The case and its settings, the same text in every culture: <c>Adam(LearningRate 0.001, ...)</c>.</summary>
    public sealed override string ToString() =>
        $"{Kind}({string.Join(", ", Settings.Select(setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Name} {setting.Value}")))})";

    /// <summary>The case's name.</summary>
    internal string Kind => this switch { Sgd => nameof(Sgd), Adam => nameof(Adam), _ => nameof(AdamW) };

    /// <summary>All settings as numbers, for files and messages; true is 1.</summary>
    internal abstract ImmutableArray<(string Name, double Value)> Settings { get; }

    /// <summary>The optimiser of that kind and these settings.</summary>
    /// <exception cref="ArgumentException">There is no such kind, or a setting is out of range.</exception>
    internal static Optimizer Of(string kind, Func<string, double> setting) => kind switch
    {
        nameof(Sgd) => new Sgd(setting("LearningRate"), setting("Momentum"), setting("Nesterov") != 0, setting("WeightDecay")),
        nameof(Adam) => new Adam(setting("LearningRate"), setting("Beta1"), setting("Beta2"), setting("Epsilon"), setting("WeightDecay")),
        nameof(AdamW) => new AdamW(setting("LearningRate"), setting("Beta1"), setting("Beta2"), setting("Epsilon"), setting("WeightDecay")),
        _ => throw new ArgumentException($"there is no optimiser '{kind}'; there are Sgd, Adam, AdamW", nameof(kind)),
    };

    private protected abstract void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, long step);

    private protected static double NotNegative(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "must be finite and not negative");

    private protected static double BelowOne(double value, string name) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "must be at least 0 and less than 1");
}
