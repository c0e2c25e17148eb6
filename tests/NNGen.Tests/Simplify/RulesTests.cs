using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Generators.Simplify;
using NNGen.Tests.Support;

namespace NNGen.Tests.Simplify;

/// <summary>Each rewrite row by a small graph, as text before and after; and with the same value.</summary>
public class RulesTests
{
    // Both read the maximum (%13), not the map (%1), and change the cotangent (%4) before it goes to its place.
    const string Window = """
        %1 = reshape(1 2 3) %0 : f32[N, 1, 2, 3]
        %2 = windows(2 2 0 0 0 0 1 1 1 2 2 -Infinity) %1 : f32[N, 1, 1, 1, 2, 2]
        %3 = sum(0 1) %0 : f32[N]
        %4 = reshape(1 1 1) %3 : f32[N, 1, 1, 1]
        %5 = iota(2 2 2 2 1) : i32[2, 2]
        %6 = broadcast(1 5 1 1 1 2 2 3 4) %5 : i32[N, 1, 1, 1, 2, 2]
        %7 = arg_max(3 4) %2 : i32[N, 1, 1, 1]
        %8 = broadcast(1 5 1 1 1 2 2 0 1 2) %7 : i32[N, 1, 1, 1, 2, 2]
        %9 = equal %6 %8 : bool[N, 1, 1, 1, 2, 2]
        %10 = literal(0) : f32[]
        %11 = broadcast(1 5 1 1 1 2 2) %10 : f32[N, 1, 1, 1, 2, 2]

        """;

    const string Masked = Window + """
        %12 = literal(0.5) : f32[]
        %13 = max(3 4) %2 : f32[N, 1, 1, 1]
        %14 = broadcast(1 3 1 1 1) %12 : f32[N, 1, 1, 1]
        %15 = less %14 %13 : bool[N, 1, 1, 1]
        %16 = broadcast(1 3 1 1 1) %10 : f32[N, 1, 1, 1]
        %17 = where %15 %4 %16 : f32[N, 1, 1, 1]
        %18 = broadcast(1 5 1 1 1 2 2 0 1 2) %17 : f32[N, 1, 1, 1, 2, 2]
        %19 = where %9 %18 %11 : f32[N, 1, 1, 1, 2, 2]
        %20 = window_sum(2 2 0 0 0 0 1 1 1 2 3) %19 : f32[N, 1, 2, 3]
        y <- %20
        """;

    const string Scaled = Window + """
        %12 = literal(1) : f32[]
        %13 = max(3 4) %2 : f32[N, 1, 1, 1]
        %14 = broadcast(1 3 1 1 1) %12 : f32[N, 1, 1, 1]
        %15 = multiply %13 %13 : f32[N, 1, 1, 1]
        %16 = subtract %14 %15 : f32[N, 1, 1, 1]
        %17 = multiply %16 %4 : f32[N, 1, 1, 1]
        %18 = broadcast(1 5 1 1 1 2 2 0 1 2) %17 : f32[N, 1, 1, 1, 2, 2]
        %19 = where %9 %18 %11 : f32[N, 1, 1, 1, 2, 2]
        %20 = window_sum(2 2 0 0 0 0 1 1 1 2 3) %19 : f32[N, 1, 2, 3]
        y <- %20
        """;

    // A cotangent that all samples share: its sum is still one for each of them.
    const string Shared = """
        %1 = constant(1 1 1 4) : f32[1, 1, 1]
        %2 = sum(1 2) %1 : f32[1]
        %3 = reshape %2 : f32[]
        %4 = broadcast(1 2 2 3) %3 : f32[N, 2, 3]
        %5 = add %0 %4 : f32[N, 2, 3]
        y <- %5
        """;

    /// <summary>The graph over x : f32[N, 2, 3], m : bool[N, 2, 3] (x &lt; 1), p : f32[3]; what is printed is what stands behind x.</summary>
    static readonly (string Rule, Func<GraphBuilder, Value, Value> Before, string After)[] Cases =
    [
        ("where(true, x, z) -> x", (b, x) => Elementwise.Where(Truth(b, true), x, x * x), "y <- %0"),
        ("where(true, x, z) -> x", (b, x) => Elementwise.Where(Truth(b, false), x * x, x), "y <- %0"),
        ("where(m, x, x) -> x", (b, x) => Elementwise.Where(x < 1, x, x), "y <- %0"),
        ("not true -> false", (b, x) => Elementwise.Where(b.Apply(Elementwise.Not, Truth(b, true)), x * x, x), "y <- %0"),
        ("true and x -> x, false and x -> false", (b, x) => Elementwise.Where(b.Apply(Elementwise.And, Truth(b, false), x < 1), x * x, x), "y <- %0"),
        ("true or x -> true, false or x -> x", (b, x) => Elementwise.Where(b.Apply(Elementwise.Or, x < 1, Truth(b, true)), x, x * x), "y <- %0"),
        ("x + 0 -> x", (_, x) => 0 + (x + 0), "y <- %0"),
        ("x - 0 -> x, 0 - x -> -x", (_, x) => 0 - (x - 0), "%1 = negate %0 : f32[N, 2, 3]\ny <- %1"),
        ("x * 1 -> x, x * -1 -> -x", (_, x) => -1 * (x * 1), "%1 = negate %0 : f32[N, 2, 3]\ny <- %1"),
        ("x + x -> x * 2", (_, x) => x + x, "%1 = literal(2) : f32[]\n%2 = broadcast(1 2 2 3) %1 : f32[N, 2, 3]\n%3 = multiply %0 %2 : f32[N, 2, 3]\ny <- %3"),
        ("x / 1 -> x", (_, x) => x / 1, "y <- %0"),
        ("x / 4 -> x * 0.25, for powers of 2", (_, x) => x / 4, "%1 = literal(0.25) : f32[]\n%2 = broadcast(1 2 2 3) %1 : f32[N, 2, 3]\n%3 = multiply %0 %2 : f32[N, 2, 3]\ny <- %3"),
        ("-(-x) -> x", (_, x) => -(-x), "y <- %0"),
        ("2 + 3 -> 5, and so on", (b, x) => x * (((b.Literal(2) + 3) * 4 - 6) / 2), "%1 = literal(7) : f32[]\n%2 = broadcast(1 2 2 3) %1 : f32[N, 2, 3]\n%3 = multiply %0 %2 : f32[N, 2, 3]\ny <- %3"),
        ("reshape(reshape x) -> reshape x", (_, x) => Shapes.Reshape(Shapes.Reshape(x, 6), 3, 2), "%1 = reshape(3 2) %0 : f32[N, 3, 2]\ny <- %1"),
        ("reshape x to its own sizes -> x", (_, x) => Shapes.Reshape(Shapes.Reshape(x, 6), 2, 3), "y <- %0"),
        ("transpose x in its own order -> x", (_, x) => Shapes.Transpose(x, 0, 1), "y <- %0"),
        ("transpose(transpose x) -> transpose x", (_, x) => Shapes.Transpose(Shapes.Transpose(x, 1, 0), 1, 0), "y <- %0"),
        ("broadcast x to its own sizes -> x", (b, x) => b.Apply(Movements.Broadcast, Attributes.Of(1, 2, 2, 3, 0, 1), x), "y <- %0"),
        ("broadcast(broadcast x) -> broadcast x", (b, x) => Broadcast(b, Broadcast(b, Statistics.Sum(x, 0, 1), [3], []), [2, 3], [1]),
            "%1 = sum(0 1) %0 : f32[N]\n%2 = broadcast(1 2 2 3) %1 : f32[N, 2, 3]\ny <- %2"),
        ("sum over what was broadcast -> count * x", (b, x) => Statistics.Sum(Broadcast(b, Statistics.Sum(x, 0, 1), [2, 3], []), 0, 1),
            "%1 = sum(0 1) %0 : f32[N]\n%2 = literal(6) : f32[]\n%3 = broadcast(1 0) %2 : f32[N]\n%4 = multiply %1 %3 : f32[N]\ny <- %4"),
        ("sum(-x) -> -sum x, and the other forms of sums", (_, x) => Statistics.Sum(-x, 0, 1), "%1 = sum(0 1) %0 : f32[N]\n%2 = negate %1 : f32[N]\ny <- %2"),
        ("sum(-x) -> -sum x, and the other forms of sums", (b, x) => b.Apply(Reductions.Sum, x), "y <- %0"),
        ("sum(-x) -> -sum x, and the other forms of sums", (_, x) => Statistics.Sum(Statistics.BatchSum(x), 0, 1), "%1 = sum(0 1) %0 : f32[N]\n%2 = batch_sum %1 : f32[]\ny <- %2"),
        ("sum(-x) -> -sum x, and the other forms of sums", (b, x) => Statistics.Sum(x * Broadcast(b, Statistics.Sum(x, 1), [2, 3], [0]), 1),
            "%1 = sum(1) %0 : f32[N, 2]\n%2 = multiply %1 %1 : f32[N, 2]\ny <- %2"),
        ("sum(-x) -> -sum x, and the other forms of sums", (_, x) => Statistics.BatchSum(x * Statistics.BatchSum(x)), "%1 = batch_sum %0 : f32[2, 3]\n%2 = multiply %1 %1 : f32[2, 3]\ny <- %2"),
        ("sum(-x) -> -sum x, and the other forms of sums", (b, x) => x + Broadcast(b, Statistics.BatchSum(Statistics.Sum(
            x - Broadcast(b, Statistics.BatchSum(Statistics.Sum(x, 1)) / (b.Apply(Leaves.BatchCount) * 3), [2, 3], [0]), 1)), [2, 3], [0]), "y <- %0"),
        ("sum(-x) -> -sum x, and the other forms of sums", (_, x) => Statistics.Sum(x + x, 0, 1),
            "%1 = literal(2) : f32[]\n%2 = broadcast(1 0) %1 : f32[N]\n%3 = sum(0 1) %0 : f32[N]\n%4 = multiply %3 %2 : f32[N]\ny <- %4"),
        ("f(x) * max_pool'(ct) -> max_pool'(f(max) * ct), and so masks", (_, x) => Spread(x, (map, spread) => Elementwise.Where(map > 0.5, spread, map.Builder.Literal(0))), Masked),
        ("f(x) * max_pool'(ct) -> max_pool'(f(max) * ct), and so masks", (_, x) => Spread(x, (map, spread) => spread * (1 - map * map)), Scaled),
        ("sum over a map of max_pool'(ct) -> sum ct", (_, x) => Spread(x, (_, spread) => Statistics.Sum(spread, 1, 2)),
            "%1 = sum(0 1) %0 : f32[N]\n%2 = reshape(1 1 1) %1 : f32[N, 1, 1, 1]\n%3 = sum(1 2) %2 : f32[N, 1]\ny <- %3"),
        ("sum over a map of max_pool'(ct) -> sum ct", (b, x) => x + Spread(x, (_, spread) => Statistics.Sum(Statistics.Sum(spread, 1, 2), 0), b.Constant([4], 1, 1, 1)), Shared),
    ];

    // Something done to the adjoint of the maximum over the one 2 x 2 window of x as a map of 2 x 3; the maximum's cotangent is the sum of x, unless another is given.
    static Value Spread(Value x, Func<Value, Value, Value> use, Value? cotangent = null)
    {
        var map = Shapes.Reshape(x, 1, 2, 3);
        var windows = Windows.Of(map, new Window(2, 2, 0, 0, 0, 0, 1, 1), 2, 2, double.NegativeInfinity);
        var max = x.Builder.Apply(Reductions.Max, Attributes.Of(3, 4), windows);
        var chosen = Pull(Reductions.Max, windows, max, cotangent ?? Shapes.Reshape(Statistics.Sum(x, 0, 1), 1, 1, 1));
        return use(map, Pull(Windows.Unfold, map, windows, chosen));
    }

    static Value Pull(Op op, Value x, Value y, Value ct) => op.Vjp(new([x], y, ct, new([x.Type], x.Builder.Node(y.Id).Attributes, y.Type)))[0]!.Value;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Cases.Length)];

    [Theory, MemberData(nameof(Numbers))]
    public void Rewrite_OfASmallGraph_GivesTheSimplerOneOfTheSameValue(int number)
    {
        var (rule, before, after) = Cases[number];
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([2, 3], true));
        var graph = builder.Build(("y", before(builder, x)));
        var simplified = Rewriter.Rewrite(Rewriter.Rewrite(graph, Rules.All), Rules.All);
        Assert.Empty(TypeChecker.Check(simplified));

        Assert.Equal($"%0 = input(\"x\") : f32[N, 2, 3]  // x\n{after}\n", Printer.Print(simplified));
        // The rule is what does it: without it the graph is another.
        Assert.NotEqual(Printer.Print(simplified), Printer.Print(Rewriter.Rewrite(graph, [.. Rules.All.Where(r => r.Text != rule)])));
        var given = new Dictionary<string, double[]> { ["x"] = new Draw(rule, number).Reals(12) };
        Assert.All(GraphInterpreter.Of(graph, 2).Run(given, "y").Zip(GraphInterpreter.Of(simplified, 2).Run(given, "y")), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Rules_All_HaveACase() => Assert.Equal(Rules.All.Select(rule => rule.Text), Cases.Select(c => c.Rule).Distinct());

    /// <summary>0 times infinity is no 0, so nothing is multiplied away.</summary>
    [Fact]
    public void Rewrite_OfAProductWithZero_KeepsIt()
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([], true));
        Assert.Contains("multiply", Printer.Print(Rewriter.Rewrite(builder.Build(("y", x * 0)), Rules.All)));
    }

    [Theory]
    [InlineData(true, "y <- %0")]
    [InlineData(false, "%1 = negate %0 : f32[N, 2]\ny <- %1")]
    public void Mode_Decided_KeepsOneSide(bool training, string after)
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([2], true));
        var decided = Rewriter.Rewrite(builder.Build(("y", Elementwise.Where(builder.Apply(Leaves.Training), x, -x))), [Rules.Mode(training)]);
        Assert.Equal($"%0 = input(\"x\") : f32[N, 2]  // x\n{after}\n", Printer.Print(Rewriter.Rewrite(decided, Rules.All)));
    }

    static Value Truth(GraphBuilder builder, bool truth) => builder.Apply(Leaves.Truth, Attributes.Of(truth ? 1 : 0));

    static Value Broadcast(GraphBuilder builder, Value x, int[] sizes, int[] axes) => builder.Apply(Movements.Broadcast, Attributes.Of([1, sizes.Length, .. sizes, .. axes]), x);
}
