using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

/// <summary>
/// The layout with the batch in lanes: samples in blocks of 16, a block's values [elements][16], so that a vector holds one element of 16 samples. The pad lanes of the
/// last block repeat the last real sample: they compute what it computes, and nothing unheard of (no 0 / 0) can arise in them. All of this only moves bits.
/// </summary>
public static class LaneBlocks
{
    // The loops are optimised at once, since a first training step calls them too few times to earn it.

    /// <summary>Samples in a block.</summary>
    public const int Lanes = 16;

    /// <summary>The number of blocks that hold <paramref name="count"/> samples.</summary>
    public static int Count(int count) => (count + Lanes - 1) / Lanes;

    /// <summary>The number of real samples in a block: 16, or fewer in the last one.</summary>
    public static int Valid(int count, int block) => Math.Min(Lanes, count - block * Lanes);

    /// <summary>[count][elements] to [count / 16 rounded up][elements][16].</summary>
    /// <param name="rows">The samples one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="elements">Values of a sample.</param>
    /// <param name="lanes">Where the blocks go.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToLanes(ReadOnlySpan<float> rows, int count, int elements, Span<float> lanes)
    {
        for (var block = 0; block < Count(count); block++)
            BlockToLanes(rows, count, elements, block, lanes[Math.Min(block * Lanes * elements, lanes.Length)..]);
    }

    /// <inheritdoc cref="ToLanes(ReadOnlySpan{float}, int, int, Span{float})"/>
    public static void ToLanes(ReadOnlySpan<int> rows, int count, int elements, Span<int> lanes) =>
        ToLanes(MemoryMarshal.Cast<int, float>(rows), count, elements, MemoryMarshal.Cast<int, float>(lanes));

    /// <summary>[count / 16 rounded up][elements][16] to [count][elements]; the pad lanes are dropped.</summary>
    /// <param name="lanes">The blocks.</param>
    /// <param name="count">How many real samples there are.</param>
    /// <param name="elements">Values of a sample.</param>
    /// <param name="rows">Where the samples go, one after the other.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRows(ReadOnlySpan<float> lanes, int count, int elements, Span<float> rows)
    {
        for (var block = 0; block < Count(count); block++)
            BlockToRows(lanes[Math.Min(block * Lanes * elements, lanes.Length)..], count, elements, block, rows);
    }

    /// <inheritdoc cref="ToRows(ReadOnlySpan{float}, int, int, Span{float})"/>
    public static void ToRows(ReadOnlySpan<int> lanes, int count, int elements, Span<int> rows) =>
        ToRows(MemoryMarshal.Cast<int, float>(lanes), count, elements, MemoryMarshal.Cast<int, float>(rows));

    /// <summary>One block of <see cref="ToLanes(ReadOnlySpan{float}, int, int, Span{float})"/>; several threads may do a block each.</summary>
    /// <param name="rows">All samples, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="elements">Values of a sample.</param>
    /// <param name="block">Which 16 of them.</param>
    /// <param name="lanes">Where this block goes: [elements][16] at its start.</param>
    /// <exception cref="ArgumentException">A span is too short, or there is no such block.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BlockToLanes(ReadOnlySpan<float> rows, int count, int elements, int block, Span<float> lanes)
    {
        Check(rows.Length, count, elements, block, lanes.Length);
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(rows), (nint)block * Lanes * elements);
        ref var to = ref MemoryMarshal.GetReference(lanes);
        // Read from memory at each step: as a minimum inside the loop it would become 16 branches.
        Span<nint> starts = stackalloc nint[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
            starts[lane] = (nint)Math.Min(lane, Valid(count, block) - 1) * elements;
        var step = LaneTransposes.Step(elements);
        if (step == 0)
        {
            for (nint e = 0; e < elements; e++)
                for (var lane = 0; lane < Lanes; lane++)
                    Unsafe.Add(ref to, e * Lanes + lane) = Unsafe.Add(ref from, starts[lane] + e);
            return;
        }
        // What is left over at the end is done in one more step that reaches back over finished elements.
        for (nint e = 0; e < elements; e += step)
        {
            var at = nint.Min(e, elements - step);
            LaneTransposes.ToLanes(step, ref Unsafe.Add(ref from, at), ref MemoryMarshal.GetReference(starts), ref Unsafe.Add(ref to, at * Lanes));
        }
    }

    /// <inheritdoc cref="BlockToLanes(ReadOnlySpan{float}, int, int, int, Span{float})"/>
    public static void BlockToLanes(ReadOnlySpan<int> rows, int count, int elements, int block, Span<int> lanes) =>
        BlockToLanes(MemoryMarshal.Cast<int, float>(rows), count, elements, block, MemoryMarshal.Cast<int, float>(lanes));

    /// <summary>One block of <see cref="ToRows(ReadOnlySpan{float}, int, int, Span{float})"/>; several threads may do a block each.</summary>
    /// <param name="lanes">This block, [elements][16] at the span's start.</param>
    /// <param name="count">How many samples there are in all blocks.</param>
    /// <param name="elements">Values of a sample.</param>
    /// <param name="block">Which 16 samples it holds.</param>
    /// <param name="rows">All samples, one after the other; the block's own are written.</param>
    /// <exception cref="ArgumentException">A span is too short, or there is no such block.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BlockToRows(ReadOnlySpan<float> lanes, int count, int elements, int block, Span<float> rows)
    {
        Check(rows.Length, count, elements, block, lanes.Length);
        ref var from = ref MemoryMarshal.GetReference(lanes);
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(rows), (nint)block * Lanes * elements);
        var valid = Valid(count, block);
        var step = LaneTransposes.Step(elements);
        if (step == 0)
        {
            for (nint lane = 0; lane < valid; lane++)
                for (nint e = 0; e < elements; e++)
                    Unsafe.Add(ref to, lane * elements + e) = Unsafe.Add(ref from, e * Lanes + lane);
            return;
        }
        Span<nint> starts = stackalloc nint[Lanes];
        for (var element = 0; element < Lanes; element++)
            starts[element] = element * Lanes;
        Span<float> tile = stackalloc float[valid < Lanes ? Lanes * Lanes : 0];
        for (nint e = 0; e < elements; e += step)
        {
            var at = nint.Min(e, elements - step);
            if (valid == Lanes)
                LaneTransposes.ToRows(step, ref Unsafe.Add(ref from, at * Lanes), ref MemoryMarshal.GetReference(starts), ref Unsafe.Add(ref to, at), elements);
            else
            {
                LaneTransposes.ToRows(step, ref Unsafe.Add(ref from, at * Lanes), ref MemoryMarshal.GetReference(starts), ref MemoryMarshal.GetReference(tile), step);
                for (nint lane = 0; lane < valid; lane++)
                    for (var i = 0; i < step; i += Vector256<float>.Count)
                        Vector256.LoadUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetReference(tile), lane * step + i)).StoreUnsafe(ref Unsafe.Add(ref to, lane * elements + at + i));
            }
        }
    }

    /// <inheritdoc cref="BlockToRows(ReadOnlySpan{float}, int, int, int, Span{float})"/>
    public static void BlockToRows(ReadOnlySpan<int> lanes, int count, int elements, int block, Span<int> rows) =>
        BlockToRows(MemoryMarshal.Cast<int, float>(lanes), count, elements, block, MemoryMarshal.Cast<int, float>(rows));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Check(int rows, int count, int elements, int block, int lanes)
    {
        if (block < 0 || block >= Count(count) || elements < 0 || rows < (long)count * elements || lanes < (long)Lanes * elements)
            throw Misfit(rows, count, elements, block, lanes);
    }

    private static ArgumentException Misfit(int rows, int count, int elements, int block, int lanes) => new(
        block < 0 || block >= Count(count) || elements < 0
            ? $"There is no block {block} of {elements} elements among {count} samples; they have {Count(count)} blocks of {Lanes}."
        : rows < (long)count * elements
            ? $"{count} samples of {elements} elements are {(long)count * elements} values, but the rows have room for {rows}."
            : $"A block of {Lanes} lanes of {elements} elements is {(long)Lanes * elements} values, but the lanes have room for {lanes} from there on.");
}
