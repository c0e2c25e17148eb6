using FsCheck;
using FsCheck.Fluent;
using NNGen.Generators.Graph;

namespace NNGen.Tests.Support;

/// <summary>An index expression as a tree, whose value is plain arithmetic: what <see cref="Subscript"/> must agree with.</summary>
internal abstract record IndexExpression
{
    internal sealed record Constant(int Value) : IndexExpression;

    internal sealed record Variable(int Axis) : IndexExpression;

    internal sealed record Sum(IndexExpression Left, IndexExpression Right) : IndexExpression;

    internal sealed record Difference(IndexExpression Left, IndexExpression Right) : IndexExpression;

    internal sealed record Product(IndexExpression Of, int Factor) : IndexExpression;

    internal sealed record Quotient(IndexExpression Of, int Divisor) : IndexExpression;

    internal sealed record Remainder(IndexExpression Of, int Divisor) : IndexExpression;

    public long At(IReadOnlyList<long> axes) => this switch
    {
        Constant(var value) => value,
        Variable(var axis) => axes[axis],
        Sum(var left, var right) => left.At(axes) + right.At(axes),
        Difference(var left, var right) => left.At(axes) - right.At(axes),
        Product(var of, var factor) => of.At(axes) * factor,
        Quotient(var of, var divisor) => Floor(of.At(axes), divisor),
        Remainder(var of, var divisor) => of.At(axes) is var value ? value - divisor * Floor(value, divisor) : 0,
        _ => throw new InvalidOperationException(),
    };

    static long Floor(long value, int divisor) => (long)Math.Floor((double)value / divisor);

    public Subscript ToSubscript(IReadOnlyList<Subscript> axes) => this switch
    {
        Constant(var value) => value,
        Variable(var axis) => axes[axis],
        Sum(var left, var right) => left.ToSubscript(axes) + right.ToSubscript(axes),
        Difference(var left, var right) => left.ToSubscript(axes) - right.ToSubscript(axes),
        Product(var of, var factor) => of.ToSubscript(axes) * factor,
        Quotient(var of, var divisor) => of.ToSubscript(axes) / divisor,
        Remainder(var of, var divisor) => of.ToSubscript(axes) % divisor,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Random expressions over so many axes, which shrink to their parts and to smaller numbers.</summary>
    public static Arbitrary<IndexExpression> Arbitrary(int axes) => Arb.From(Gen.Sized(size => Generate(axes, Math.Min(size, 24))), Shrink);

    // Divisors and factors are drawn from few primes, so that they often share factors, as those of reshapes do.
    static Gen<IndexExpression> Generate(int axes, int size)
    {
        var leaf = Gen.Frequency((1, Gen.Choose(-7, 7).Select(value => (IndexExpression)new Constant(value))), (4, Gen.Choose(0, axes - 1).Select(axis => (IndexExpression)new Variable(axis))));
        if (size <= 1)
            return leaf;
        var half = Generate(axes, size / 2);
        var less = Generate(axes, size - 1);
        var number = Gen.Elements(1, 2, 3, 4, 5, 6, 8, 10, 12, 25);
        return Gen.Frequency(
            (1, leaf),
            (4, half.SelectMany(left => half.Select(right => (IndexExpression)new Sum(left, right)))),
            (1, half.SelectMany(left => half.Select(right => (IndexExpression)new Difference(left, right)))),
            (3, less.SelectMany(of => Gen.Elements(-3, -1, 0, 2, 4, 5, 6, 10).Select(factor => (IndexExpression)new Product(of, factor)))),
            (3, less.SelectMany(of => number.Select(divisor => (IndexExpression)new Quotient(of, divisor)))),
            (3, less.SelectMany(of => number.Select(divisor => (IndexExpression)new Remainder(of, divisor)))));
    }

    static IEnumerable<IndexExpression> Shrink(IndexExpression expression) => expression switch
    {
        Constant(var value) => value == 0 ? [] : [new Constant(0), new Constant(value / 2)],
        Variable => [new Constant(0)],
        Sum(var left, var right) => [left, right, .. Shrink(left).Select(l => new Sum(l, right)), .. Shrink(right).Select(r => new Sum(left, r))],
        Difference(var left, var right) => [left, right, .. Shrink(left).Select(l => new Difference(l, right)), .. Shrink(right).Select(r => new Difference(left, r))],
        Product(var of, var factor) => [of, .. Shrink(of).Select(o => new Product(o, factor))],
        Quotient(var of, var divisor) => [of, .. Shrink(of).Select(o => new Quotient(o, divisor))],
        Remainder(var of, var divisor) => [of, .. Shrink(of).Select(o => new Remainder(o, divisor))],
        _ => [],
    };

    public sealed override string ToString() => this switch
    {
        Constant(var value) => $"{value}",
        Variable(var axis) => $"{"ijkl"[axis]}",
        Sum(var left, var right) => $"({left} + {right})",
        Difference(var left, var right) => $"({left} - {right})",
        Product(var of, var factor) => $"{of} * {factor}",
        Quotient(var of, var divisor) => $"({of} / {divisor})",
        Remainder(var of, var divisor) => $"({of} % {divisor})",
        _ => "",
    };
}
