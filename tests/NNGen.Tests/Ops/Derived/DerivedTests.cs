using NNGen.Generators.Graph;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops.Derived;

/// <summary>Layers and losses that are graph functions: what each computes on random operands, its gradient, and the gradient's gradient.</summary>
public class DerivedTests
{
    const int Cases = 30;

    static readonly IReadOnlyDictionary<string, Func<Draw, Case>>[] Tables = [ActivationCases.All, LossCases.All, LayerCases.All, ShapeCases.All];

    public static TheoryData<string> Functions => [.. Names];

    internal static IEnumerable<string> Names => Tables.SelectMany(table => table.Keys);

    internal static Case Case(string name, Draw draw)
    {
        var made = Tables.Single(table => table.ContainsKey(name))[name](draw);
        return made with { Text = $"{name}: {made.Text}" };
    }

    [Theory, MemberData(nameof(Functions))]
    public void Function_OnRandomOperands_ComputesItsFormulaAndItsGradients(string name)
    {
        for (var number = 0; number < Cases; number++)
        {
            var draw = new Draw(name, number);
            var @case = Case(name, draw);
            if (new Built(@case).Y.Type.Type == DType.F32 && @case.Operands.Any(o => o.IsReal))
                Checks.All(@case, draw);
            else
                Checks.Value(@case);
        }
    }
}
