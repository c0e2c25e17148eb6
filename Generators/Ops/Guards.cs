using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>Loads that may lie outside: the tests that bounds cannot prove superfluous, and nothing more.</summary>
internal static class Guards
{
    /// <summary>The operand's element at Offset / Step on each axis where the step divides it and it lies inside, else <paramref name="outside"/>.</summary>
    public static Scalar Inside(IReadOnlyList<(Subscript Offset, int Step, int Size)> axes, Point at, Operand operand, Scalar outside)
    {
        var point = at with { At = axes.Select(a => a.Offset / a.Step).ToEquatableArray() };
        return When(axes.SelectMany((a, axis) => Conditions(a.Offset, a.Step, a.Size)), operand(0, point), outside);
    }

    public static IEnumerable<Condition> Conditions(Subscript offset, int step, int size)
    {
        if (step > 1 && offset % step != Subscript.Zero)
            yield return new Condition.Divisible(offset, step);
        if (!(offset / step).IsWithin(size))
            yield return new Condition.InRange(offset / step, size);
    }

    /// <summary>Inside where all conditions hold; what is decided already is not tested, since a compiler would warn of unreachable code.</summary>
    public static Scalar When(IEnumerable<Condition> conditions, Scalar inside, Scalar outside)
    {
        var tests = conditions.Where(condition => condition.Decided != true).ToEquatableArray();
        return tests.Any(condition => condition.Decided == false) ? outside : tests.Count == 0 ? inside : new Scalar.Guard(tests, inside, outside);
    }
}
