using NNGen.Generators.Graph;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops.Derived;

/// <summary>Layers and losses that are graph functions: what each computes on random operands, its gradient, and the gradient's gradient.</summary>
public class DerivedTests
{
    const int Cases = 30;

    static readonly IReadOnlyDictionary<string, Func<Draw, Case>>[] Tables = [ActivationCases.All, LossCases.All, LayerCases.All, ShapeCases.All];

    public static TheoryData<string> Functions => [.. Tables.SelectMany(table => table.Keys)];

    [Theory, MemberData(nameof(Functions))]
    public void Function_OnRandomOperands_ComputesItsFormulaAndItsGradients(string name)
    {
        var make = Tables.Single(table => table.ContainsKey(name))[name];
        for (var number = 0; number < Cases; number++)
        {
            var draw = new Draw(name, number);
            var @case = make(draw);
            @case = @case with { Text = $"{name}: {@case.Text}" };
            if (new Built(@case).Y.Type.Type == DType.F32 && @case.Operands.Any(o => o.IsReal))
                Checks.All(@case, draw);
            else
                Checks.Value(@case);
        }
    }
}
