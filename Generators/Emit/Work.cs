using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Emit;

/// <summary>What a nest costs, per sample: arithmetic operations (an addition, a product, a function: one each) and elements stored.</summary>
internal static class Work
{
    public static long Flops(Nest nest) => nest.Axes.Where(axis => !axis.IsBatch).Aggregate(1L, (product, axis) => product * axis.Size) * Flops(nest.Body, []);

    // A shared expression counts once: it is computed once.
    private static long Flops(Scalar scalar, HashSet<Scalar> seen)
    {
        if (!seen.Add(scalar))
            return 0;
        return scalar switch
        {
            Scalar.Apply apply => 1 + apply.Arguments.Sum(argument => Flops(argument, seen)),
            Scalar.Guard guard => Flops(guard.Inside, seen) + Flops(guard.Outside, seen),
            Scalar.Reduce reduce => reduce.Axes.Where(axis => !axis.IsBatch).Aggregate(1L, (product, axis) => product * axis.Size) * (1 + Flops(reduce.Body, seen)),
            _ => 0,
        };
    }
}
