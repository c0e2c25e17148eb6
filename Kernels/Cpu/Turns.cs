using System.Runtime.CompilerServices;

namespace NNGen.Kernels;

/// <summary>Arrays of numbers brought into another order of their axes.</summary>
public static class Turns
{
    private const int Side = LaneBlocks.Lanes;

    /// <summary>[outer][middle][inner] to [outer][inner][middle]: the middle axis becomes the last.</summary>
    /// <param name="from">The first number of [outer][middle][inner].</param>
    /// <param name="to">Receives the first of [outer][inner][middle].</param>
    /// <param name="outer">The outermost size.</param>
    /// <param name="middle">The size of the axis that becomes the last.</param>
    /// <param name="inner">The size of the last axis.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Last(ref float from, ref float to, int outer, int middle, int inner)
    {
        for (var o = 0; o < outer; o++)
        {
            var m = 0;
            for (; m + Side <= middle; m += Side)
            {
                var i = 0;
                for (; i + Side <= inner; i += Side)
                    LaneTransposes.Block(ref Unsafe.Add(ref from, (m * inner) + i), inner, ref Unsafe.Add(ref to, (i * middle) + m), middle);
                Numbers(ref from, ref to, m, m + Side, i, inner, middle, inner);
            }
            Numbers(ref from, ref to, m, middle, 0, inner, middle, inner);
            from = ref Unsafe.Add(ref from, middle * inner);
            to = ref Unsafe.Add(ref to, middle * inner);
        }
    }

    /// <summary>
    /// [outer][middle][inner] to [middle / 16][outer][inner][16]: panels of 16 places of the middle axis. Products that need two of them at a time find their numbers one behind the other, where they would
    /// lie a power of two apart if all places of the axis were side by side, and drive each other from the caches.
    /// </summary>
    /// <param name="from">The first number of [outer][middle][inner].</param>
    /// <param name="to">Receives as many.</param>
    /// <param name="outer">The outermost size.</param>
    /// <param name="middle">The size of the axis that panels are of, which 16 divides.</param>
    /// <param name="inner">The size of the last axis.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels(ref float from, ref float to, int outer, int middle, int inner)
    {
        for (var m = 0; m < middle; m += Side)
            for (var o = 0; o < outer; o++)
            {
                ref var rows = ref Unsafe.Add(ref from, (o * middle + m) * inner);
                var i = 0;
                for (; i + Side <= inner; i += Side)
                    LaneTransposes.Block(ref Unsafe.Add(ref rows, i), inner, ref Unsafe.Add(ref to, i * Side), Side);
                Numbers(ref rows, ref to, 0, Side, i, inner, Side, inner);
                to = ref Unsafe.Add(ref to, inner * Side);
            }
    }

    private static void Numbers(ref float from, ref float to, int firstMiddle, int lastMiddle, int firstInner, int lastInner, int middle, int inner)
    {
        for (var i = firstInner; i < lastInner; i++)
            for (var m = firstMiddle; m < lastMiddle; m++)
                Unsafe.Add(ref to, (i * middle) + m) = Unsafe.Add(ref from, (m * inner) + i);
    }
}
