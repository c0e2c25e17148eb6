using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>
/// A straight piece of a method: what is computed in it and the pieces around it is there to use, by its text. References are declared in the outermost piece that
/// knows the axes they depend on, so an inner loop's addresses are a register and a constant.
/// </summary>
internal sealed class LaneScope(SourceWriter writer, LaneScope? outer, IReadOnlyCollection<Axis> axes)
{
    private readonly Dictionary<string, string> known = [];
    private readonly Dictionary<(Scalar, object), LaneText> values = [];

    public SourceWriter Writer => writer;

    /// <summary>The variable that holds an expression, here or around; null when none does.</summary>
    public string? Find(string code) => known.TryGetValue(code, out var name) ? name : outer?.Find(code);

    public void Remember(string code, string name) => known[code] = name;

    /// <summary>The value of an expression for an output, where it was computed before.</summary>
    public LaneText? Find(Scalar scalar, object output) => values.TryGetValue((scalar, output), out var text) ? text : outer?.Find(scalar, output);

    public void Remember(Scalar scalar, object output, LaneText text) => values[(scalar, output)] = text;

    /// <summary>The outermost scope that knows all of these axes.</summary>
    public LaneScope Of(IEnumerable<Axis> needed) => outer is null || needed.Any(axes.Contains) ? this : outer.Of(needed);

    public LaneScope Inner(SourceWriter inner, params Axis[] own) => new(inner, this, own);
}
