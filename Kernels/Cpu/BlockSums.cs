namespace NNGen.Kernels;

/// <summary>Sums over the batch from the sums of its lane blocks, always in the order of the blocks: the same bits whoever computed them.</summary>
public static class BlockSums
{
    /// <summary>sums[i] = partials[0][i] + partials[1][i] + ...</summary>
    /// <param name="partials">The blocks' sums, [blocks][size].</param>
    /// <param name="blocks">The number of blocks, at least 1.</param>
    /// <param name="size">The number of sums.</param>
    /// <param name="sums">Receives [size].</param>
    public static void Add(ReadOnlySpan<float> partials, int blocks, int size, Span<float> sums)
    {
        sums = sums[..size];
        partials[..size].CopyTo(sums);
        for (var block = 1; block < blocks; block++)
        {
            var part = partials.Slice(block * size, size);
            var i = 0;
            for (; i <= size - System.Numerics.Vector<float>.Count; i += System.Numerics.Vector<float>.Count)
                (new System.Numerics.Vector<float>(sums[i..]) + new System.Numerics.Vector<float>(part[i..])).CopyTo(sums[i..]);
            for (; i < size; i++)
                sums[i] += part[i];
        }
    }
}
