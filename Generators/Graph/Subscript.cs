using NNGen.Generators.Support;

namespace NNGen.Generators.Graph;

/// <summary>A loop variable that runs from 0 to <paramref name="size"/> - 1, or over the samples of the batch. Each is itself alone: two axes of
/// one name are different loops, so nested definitions never capture each other's variables.</summary>
public sealed class Axis(string name, int size)
{
    public const int Batch = -1;

    public string Name { get; } = name;

    public int Size { get; } = size;

    public bool IsBatch => Size == Batch;

    /// <summary>Largest value; for the batch axis a bound that no test can prove anything with.</summary>
    public long Last => IsBatch ? int.MaxValue : Size - 1;

    public override string ToString() => Name;
}

/// <summary>What an <see cref="Subscript"/> adds up: an axis, a floor quotient or a remainder.</summary>
public abstract record Term
{
    private Term() { }

    public sealed record Of(Axis Axis) : Term;

    public sealed record Quotient(Subscript Numerator, int Divisor) : Term;

    public sealed record Remainder(Subscript Numerator, int Divisor) : Term;

    public (long Low, long High) Bounds => this switch
    {
        Of(var axis) => (0, axis.Last),
        Quotient(var numerator, var divisor) => (Floor(numerator.Bounds.Low, divisor), Floor(numerator.Bounds.High, divisor)),
        Remainder(_, var divisor) => (0, divisor - 1),
        _ => throw new InvalidOperationException(),
    };

    private static long Floor(long value, int divisor) => value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
}

/// <summary>
/// An integer expression over axes, kept in normal form: a constant plus coefficients times terms. Division and remainder simplify
/// where bounds prove it, and `b * (x / (k b)) + (x / k) % b` becomes `x / k`, so that a reshape costs no division where memory is
/// contiguous.
/// </summary>
public sealed record Subscript
{
    public long Constant { get; }

    public EquatableArray<(Term Term, long Coefficient)> Terms { get; }

    private Subscript(long constant, EquatableArray<(Term, long)> terms) => (Constant, Terms) = (constant, terms);

    public static readonly Subscript Zero = new(0, []);

    public static implicit operator Subscript(int constant) => new(constant, []);

    public static implicit operator Subscript(Axis axis) => axis.Size == 1 ? Zero : new(0, [(new Term.Of(axis), 1)]);

    public (long Low, long High) Bounds
    {
        get
        {
            var (low, high) = (Constant, Constant);
            foreach (var (term, coefficient) in Terms)
            {
                var (l, h) = term.Bounds;
                low += coefficient > 0 ? coefficient * l : coefficient * h;
                high += coefficient > 0 ? coefficient * h : coefficient * l;
            }
            return (low, high);
        }
    }

    public bool IsWithin(int size) => Bounds is var (low, high) && low >= 0 && high < size;

    public static Subscript operator +(Subscript left, Subscript right) =>
        Normal(left.Constant + right.Constant, left.Terms.Concat(right.Terms));

    public static Subscript operator -(Subscript left, Subscript right) => left + right * -1;

    public static Subscript operator *(Subscript index, int factor) =>
        Normal(index.Constant * factor, index.Terms.Select(t => (t.Term, t.Coefficient * factor)));

    /// <summary>The floor quotient. Terms that the divisor divides leave it exactly: floor((d q + r) / d) = q + floor(r / d).</summary>
    public static Subscript operator /(Subscript index, int divisor)
    {
        if (divisor == 1)
            return index;
        var (whole, rest) = index.Split(divisor);
        if (rest.IsWithin(divisor))
            return whole;
        var quotient = rest is { Constant: 0, Terms: [(Term.Quotient(var numerator, var inner), 1)] }
            ? new Term.Quotient(numerator, inner * divisor)
            : new Term.Quotient(rest, divisor);
        return whole + new Subscript(0, [(quotient, 1)]);
    }

    /// <summary>The non-negative remainder.</summary>
    public static Subscript operator %(Subscript index, int divisor)
    {
        if (divisor == 1)
            return Zero;
        var (_, rest) = index.Split(divisor);
        return rest.IsWithin(divisor) ? rest : new Subscript(0, [(new Term.Remainder(rest, divisor), 1)]);
    }

    /// <summary>The axes that the value depends on.</summary>
    public IEnumerable<Axis> Axes => Terms.SelectMany(t => t.Term switch
    {
        Term.Of(var axis) => [axis],
        Term.Quotient(var numerator, _) => numerator.Axes,
        Term.Remainder(var numerator, _) => numerator.Axes,
        _ => throw new InvalidOperationException(),
    });

    /// <summary>The same expression with axes replaced.</summary>
    public Subscript Substitute(Func<Axis, Subscript> replace) => Terms.Aggregate((Subscript)new(Constant, []), (sum, t) =>
    {
        var value = t.Term switch
        {
            Term.Of(var axis) => replace(axis),
            Term.Quotient(var numerator, var divisor) => numerator.Substitute(replace) / divisor,
            Term.Remainder(var numerator, var divisor) => numerator.Substitute(replace) % divisor,
            _ => throw new InvalidOperationException(),
        };
        return sum + Normal(value.Constant * t.Coefficient, value.Terms.Select(v => (v.Term, v.Coefficient * t.Coefficient)));
    });

    private (Subscript Whole, Subscript Remainder) Split(int divisor)
    {
        var remainder = ((Constant % divisor) + divisor) % divisor;
        var whole = Terms.Where(t => t.Coefficient % divisor == 0).Select(t => (t.Term, t.Coefficient / divisor));
        return (Normal((Constant - remainder) / divisor, whole), Normal(remainder, Terms.Where(t => t.Coefficient % divisor != 0)));
    }

    private static Subscript Normal(long constant, IEnumerable<(Term Term, long Coefficient)> terms)
    {
        var sums = new List<(Term Term, long Coefficient)>();
        foreach (var (term, coefficient) in terms)
        {
            var at = sums.FindIndex(s => s.Term == term);
            if (at < 0)
                sums.Add((term, coefficient));
            else
                sums[at] = (term, sums[at].Coefficient + coefficient);
        }
        sums.RemoveAll(s => s.Coefficient == 0);
        return Recompose(constant, sums);
    }

    // c b (x / (k b)) + c ((x / k) % b) = c (x / k)
    private static Subscript Recompose(long constant, List<(Term Term, long Coefficient)> terms)
    {
        foreach (var (high, outer) in terms)
            if (high is Term.Quotient(var x, var divisor))
                foreach (var (low, inner) in terms)
                    if (low is Term.Remainder(var y, var b) && outer == inner * b && divisor % b == 0 && SameDigits(x, divisor / b, y, b))
                        return Normal(constant, terms.Where(t => t.Term != high && t.Term != low))
                            + Scaled(x / (divisor / b), inner);
        return new Subscript(constant, terms.ToEquatableArray());

        static Subscript Scaled(Subscript index, long factor) => new(index.Constant * factor, index.Terms.Select(t => (t.Term, t.Coefficient * factor)).ToEquatableArray());
    }

    // (y % b) are the digits of x / k above the quotient by k b: y may have lost multiples of b, which the remainder does not see.
    private static bool SameDigits(Subscript x, int k, Subscript y, int b) => (x / k).Split(b).Remainder == y;

    public override string ToString() => Constant + string.Concat(Terms.Select(t => $" + {t.Coefficient} {t.Term}"));
}
