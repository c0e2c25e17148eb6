using FsCheck;
using FsCheck.Fluent;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;
using NNGen.Tests.Support;

namespace NNGen.Tests.Graph;

/// <summary>The algebra of subscripts: simplified as it is, an index has the value of plain integer arithmetic with floor division and non-negative remainders.</summary>
public class SubscriptTests
{
    static readonly int[] Sizes = [6, 10, 5, 16];

    static readonly Axis[] Axes = [.. Sizes.Select((size, i) => new Axis($"{"ijkl"[i]}", size))];

    static readonly Subscript[] Variables = [.. Axes.Select(axis => (Subscript)axis)];

    static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(1500).WithReplay(20_251_016, 7).WithQuietOnSuccess(true);

    [Fact]
    public void Value_OfAnyExpression_IsPlainArithmetics() => ForAll(expression =>
    {
        var value = Compiled(expression.ToSubscript(Variables));
        return Places().All(at => value(at) == expression.At(at));
    });

    [Fact]
    public void Bounds_OfAnyExpression_HoldEveryValue() => ForAll(expression =>
    {
        var (low, high) = expression.ToSubscript(Variables).Bounds;
        return Places().All(at => expression.At(at) is var value && low <= value && value <= high);
    });

    /// <summary>What a condition claims to hold everywhere or nowhere does.</summary>
    [Fact]
    public void Decided_OfAnyCondition_IsRightEverywhere() => Check.One(Quick, Prop.ForAll(IndexExpression.Arbitrary(4), Gen.Choose(1, 40).ToArbitrary(), (expression, number) =>
    {
        var subscript = expression.ToSubscript(Variables);
        return Right(new Condition.InRange(subscript, number), value => 0 <= value && value < number)
            && Right(new Condition.Divisible(subscript, number), value => value % number == 0);

        bool Right(Condition condition, Func<long, bool> test) => condition.Decided is not { } decided || Places().All(at => test(expression.At(at)) == decided);
    }));

    [Fact]
    public void Substitute_OfAnyExpressions_IsTheExpressionOfTheirValues() => Check.One(Quick, Prop.ForAll(
        IndexExpression.Arbitrary(2), IndexExpression.Arbitrary(4), IndexExpression.Arbitrary(4), (outer, first, second) =>
        {
            Axis p = new("p", 1_000_000), q = new("q", 1_000_000);
            // Bounds were used to simplify the outer expression, so what is put in must keep them.
            Subscript Kept(IndexExpression inner) => inner.ToSubscript(Variables) % 1_000_000;
            var value = Compiled(outer.ToSubscript([p, q]).Substitute(axis => axis == p ? Kept(first) : axis == q ? Kept(second) : axis));
            return Places().All(at => value(at) == outer.At([Positive(first.At(at)), Positive(second.At(at))]));
        }));

    [Fact]
    public void Axes_OfAnyExpression_AreAllThatItsValueDependsOn() => ForAll(expression =>
    {
        var subscript = expression.ToSubscript(Variables);
        var free = Enumerable.Range(0, Axes.Length).Where(i => !subscript.Axes.Contains(Axes[i])).ToArray();
        return Places().All(at => expression.At(at) == expression.At([.. at.Select((value, i) => free.Contains(i) ? 0 : value)]));
    });

    [Fact]
    public void Equality_OfSumsOfTheSameTerms_Holds()
    {
        Subscript i = Axes[0], j = Axes[1];
        Assert.Equal((i + j) * 2, i * 2 + j * 2);
        Assert.Equal(Subscript.Zero, i + j - i - j);
        Assert.Equal(i, (i * 12 + 7) / 12);
        Assert.Equal((Subscript)7, (i * 12 + 7) % 12);
        Assert.NotEqual((Subscript)Axes[0], new Axis("i", 6));
        Assert.Equal(Subscript.Zero, new Axis("one", 1));
    }

    [Fact]
    public void Flat_OfDigits_IsTheIndexItself()
    {
        var axis = new Axis("i", 400);
        Assert.Equal(axis, Movements.Flat(Digits([(Subscript)axis], [400], [16, 5, 5]), [16, 5, 5]));
    }

    [Fact]
    public void Digits_OfAFlatIndex_AreTheAxesThemselves()
    {
        Axis c = new("c", 16), y = new("y", 5), x = new("x", 5);
        EquatableArray<Subscript> at = [c, y, x];
        var flat = Movements.Flat(at, [16, 5, 5]);

        Assert.Equal("0 + 25 c + 5 y + 1 x".Replace(" ", ""), string.Concat(flat.Constant, string.Concat(flat.Terms.Select(t => $"+{t.Coefficient}{((Term.Of)t.Term).Axis}"))));
        Assert.Equal(at, Digits([flat], [400], [16, 5, 5]));
    }

    /// <summary>However sizes are split and joined, reading through a reshape where memory is contiguous needs no division.</summary>
    [Fact]
    public void Flat_OfReshapedDigits_HasNoDivision() => Check.One(Quick, Prop.ForAll(
        Gen.Elements(2, 2, 2, 3, 5).NonEmptyListOf().Select(primes => primes.Take(7).ToArray()).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (primes, seed) =>
        {
            var draw = new Draw("reshape", seed);
            int[] from = Grouped(draw, primes), to = Grouped(draw, primes), third = Grouped(draw, primes);
            var axes = to.Select((size, i) => new Axis($"i{i}", size)).ToArray();
            EquatableArray<Subscript> at = [.. axes.Select(axis => (Subscript)axis)];
            var once = Digits(at, to, from);
            var twice = Digits(once, from, third);
            var (flat, again, thrice) = (Movements.Flat(at, [.. to]), Movements.Flat(once, [.. from]), Movements.Flat(twice, [.. third]));
            return (flat == again && flat == thrice).Label($"[{string.Join(", ", to)}] read as [{string.Join(", ", from)}]: {again}; that as [{string.Join(", ", third)}]: {thrice}");
        }));

    static EquatableArray<Subscript> Digits(EquatableArray<Subscript> at, int[] sizes, int[] digits)
    {
        EquatableArray<Subscript> read = [];
        Movements.Reshape.Define(new Application([TensorType.Real([.. digits], false)], Attributes.Of(sizes), TensorType.Real([.. sizes], false)), new Point(null, at), (_, point) =>
        {
            read = point.At;
            return new NNGen.Generators.Graph.Scalar.Literal(0);
        });
        return read;
    }

    static int[] Grouped(Draw draw, IEnumerable<int> primes)
    {
        var sizes = new List<int> { 1 };
        foreach (var prime in draw.Shuffled(primes))
            if (draw.Flip())
                sizes.Add(prime);
            else
                sizes[^1] *= prime;
        return [.. sizes];
    }

    static void ForAll(Func<IndexExpression, bool> property) => Check.One(Quick, Prop.ForAll(IndexExpression.Arbitrary(Axes.Length), property));

    static long Positive(long value) => ((value % 1_000_000) + 1_000_000) % 1_000_000;

    // The corners, and places between them.
    static IEnumerable<long[]> Places() => Corners.Concat(Between);

    static readonly long[][] Corners = [.. Dense.Points([2, 2, 2, 2]).Select(corner => corner.Select((end, i) => end * (Sizes[i] - 1L)).ToArray())];

    static readonly long[][] Between = [.. Enumerable.Range(0, 60).Select(n => Sizes.Select((size, i) => (n * (7L + 4 * i) + n / 3) % size).ToArray())];

    static Func<long[], long> Compiled(Subscript subscript)
    {
        var value = ScalarInterpreter.Compile(new NNGen.Generators.Graph.Scalar.Position(subscript), Axes, new Memory(new TensorGraph([], []), 1));
        return at => (long)value(at);
    }
}
