using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NNGen.Kernels;

/// <summary>Sums over the batch from the sums of its lane blocks, always in the order of the blocks: the same bits whoever computed them.</summary>
public static class BlockSums
{
    /// <summary>sums[i] = partials[0][i] + partials[1][i] + ...</summary>
    /// <param name="partials">The blocks' sums: as many as <paramref name="sums"/> at the start of each stride.</param>
    /// <param name="blocks">The number of blocks, at least 1.</param>
    /// <param name="stride">Floats from one block's sums to the next one's.</param>
    /// <param name="sums">Receives the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> partials, int blocks, int stride, Span<float> sums)
    {
        partials[..sums.Length].CopyTo(sums);
        for (var block = 1; block < blocks; block++)
            Add(sums, partials.Slice(block * stride, sums.Length));
    }

    /// <summary>The same in place: the first block's sums become the sums of all.</summary>
    /// <param name="partials">The blocks' sums: <paramref name="size"/> of them at the start of each stride.</param>
    /// <param name="blocks">The number of blocks, at least 1.</param>
    /// <param name="stride">Floats from one block's sums to the next one's.</param>
    /// <param name="size">The number of sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddUp(Span<float> partials, int blocks, int stride, int size)
    {
        for (var block = 1; block < blocks; block++)
            Add(partials[..size], partials.Slice(block * stride, size));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<float> sums, ReadOnlySpan<float> part)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var addend = ref MemoryMarshal.GetReference(part);
        var i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.LoadUnsafe(ref sum, (nuint)i) + Vector.LoadUnsafe(ref addend, (nuint)i)).StoreUnsafe(ref sum, (nuint)i);
        for (; i < sums.Length; i++)
            sums[i] += part[i];
    }
}
