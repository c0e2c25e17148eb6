using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

/// <summary>Samples in lanes: [n][elements] as [n / 16][elements][16], sixteen samples side by side.</summary>
public static class LaneBlocks
{
    /// <summary>Samples in a block.</summary>
    public const int Lanes = 16;

    /// <summary>Brings samples into lanes. The lanes that the last block has left over repeat the last sample, so that they hold numbers of the usual kind.</summary>
    /// <param name="rows">[count][elements].</param>
    /// <param name="count">The number of samples, at least 1.</param>
    /// <param name="elements">Elements per sample.</param>
    /// <param name="lanes">Receives [count / 16, rounded up][elements][16].</param>
    public static void ToLanes<T>(ReadOnlySpan<T> rows, int count, int elements, Span<T> lanes) where T : unmanaged
    {
        rows = rows[..(count * elements)];
        for (var block = 0; block * Lanes < count; block++)
        {
            var target = lanes.Slice(block * elements * Lanes, elements * Lanes);
            for (var lane = 0; lane < Lanes; lane++)
            {
                var row = rows.Slice(Math.Min(block * Lanes + lane, count - 1) * elements, elements);
                for (int i = 0, at = lane; i < row.Length; i++, at += Lanes)
                    target[at] = row[i];
            }
        }
    }

    /// <summary>Brings the samples of all blocks back into rows; left-over lanes are dropped.</summary>
    /// <param name="lanes">[count / 16, rounded up][elements][16].</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="elements">Elements per sample.</param>
    /// <param name="rows">Receives [count][elements].</param>
    public static void ToRows<T>(ReadOnlySpan<T> lanes, int count, int elements, Span<T> rows) where T : unmanaged
    {
        for (var sample = 0; sample < count; sample++)
        {
            var row = rows.Slice(sample * elements, elements);
            var block = lanes.Slice(sample / Lanes * elements * Lanes, elements * Lanes);
            for (int i = 0, at = sample % Lanes; i < row.Length; i++, at += Lanes)
                row[i] = block[at];
        }
    }

    /// <summary>The sum of the first <paramref name="valid"/> lanes; the others are selected away, not multiplied, so that whatever they hold is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector512<float> v, int valid) =>
        Vector512.Sum(valid == Lanes ? v : Vector512.ConditionalSelect(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(valid)).AsSingle(), v, Vector512<float>.Zero));
}
