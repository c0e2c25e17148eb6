using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops;

/// <summary>The proof that the table of primitives is right: what each row computes, and its gradient rule, on random operands. A row without cases fails.</summary>
public class PrimitivesTests
{
    const int Cases = 40;

    public static TheoryData<string> Rows => [.. Primitives.All.Select(op => op.Name)];

    [Fact]
    public void Table_Always_HasUniqueNames() => Assert.Equal(Primitives.All.Count, Primitives.All.Select(op => op.Name).Distinct().Count());

    [Theory, MemberData(nameof(Rows))]
    public void Row_OnRandomOperands_ComputesItsFormula(string name) => ForAll(name, (@case, _) => Checks.Value(@case));

    [Theory, MemberData(nameof(Rows))]
    public void Vjp_OnRandomOperands_AgreesWithDifferences(string name) => ForAllReal(name, Checks.Gradient);

    [Theory, MemberData(nameof(Rows))]
    public void Vjp_OnRandomCotangents_IsLinear(string name) => ForAllReal(name, Checks.LinearInTheCotangent);

    [Theory, MemberData(nameof(Rows))]
    public void Vjp_OfAnAffineRow_IsItsAdjoint(string name) => ForAllReal(name, Checks.Adjoint);

    [Theory, MemberData(nameof(Rows))]
    public void Vjp_DifferentiatedAgain_AgreesWithDifferences(string name) => ForAllReal(name, Checks.SecondGradient);

    [Theory, MemberData(nameof(Rows))]
    public void Vjp_OfIntegersAndTruths_IsNothing(string name) => ForAll(name, (@case, _) =>
    {
        var built = new Built(@case);
        if (built.Y.Type.Type == DType.F32 || @case.Operands.Count == 0)
            return;
        var application = new Application([.. built.X.Select(x => x.Type)], Attributes.None, built.Y.Type);
        Assert.All(Primitives.Row(name).Vjp(new Pullback([.. built.X], built.Y, built.Builder.Literal(1), application)), part => Assert.Null(part));
    });

    static void ForAllReal(string name, Action<Case, Draw> check) => ForAll(name, (@case, draw) =>
    {
        if (@case.Operands.Count > 0 && new Built(@case).Y.Type.Type == DType.F32)
            check(@case, draw);
    });

    static void ForAll(string name, Action<Case, Draw> check)
    {
        for (var number = 0; number < Cases; number++)
        {
            var draw = new Draw(name, number);
            check(RowCases.Of(name, draw), draw);
        }
    }
}

/// <summary>Random cases of every row.</summary>
internal static class RowCases
{
    public static Case Of(string row, Draw draw) =>
        (ElementwiseCases.All.GetValueOrDefault(row) ?? MovementCases.All.GetValueOrDefault(row) ?? ContractionCases.All.GetValueOrDefault(row)) is { } make ? make(draw)
        : throw new InvalidOperationException($"the row {row} has no test cases; add a generator to one of the tables in tests/NNGen.Tests/Ops");
}
