using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

/// <summary>
/// Convolutions with square kernels and stride 1 by Winograd's minimal filtering over windows of 6 x 6: F(4 x 4, 3 x 3), where a 4 x 4 tile of outputs costs 36 products instead of 144, and
/// F(2 x 2, 5 x 5), where a 2 x 2 tile costs 36 instead of 100; or along their rows alone, with six points instead of 36. Maps are [channels][height][width][16 lanes]. Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016;
/// points 0, 1, -1, 2, -2, infinity.
/// </summary>
/// <typeparam name="TTaps">The kernels' size: <see cref="ThreeTaps"/> or <see cref="FiveTaps"/>.</typeparam>
/// <remarks>
/// Where one or two outputs of F(4, 3) are left at the end of an axis, the last tile is one of F(2, 3) along it: its points 0, 1, -1 and infinity are among the six, so the kernels are the same but for
/// a scale, which its window's transform takes: rows of B' times 4, -3, -3 and 1. Such a tile leaves out a third of the products.
/// <para>
/// All depends on the points alone: the window's transform B' is the same for both, and A and G' are the first rows of one matrix of their powers. The relative error is about 1e-6, 3e-6 in weights'
/// gradients, against 3e-7 of a direct sum. A tile's 36 points are independent products of matrices; they lie one <see cref="Pitch"/> apart, never a power of two, or their stores would fall into the
/// same few sets of the cache.
/// </para>
/// </remarks>
public static partial class Winograd<TTaps>
    where TTaps : struct, ITaps
{
    /// <summary>Points of a tile.</summary>
    public const int Points = 36;

    private const int Lanes = LaneBlocks.Lanes, Reach = 6;

    // Outputs of a tile along an axis: what the window's six places leave.
    private static int Side => Reach + 1 - TTaps.Count;

    /// <summary>Floats from a point's matrix to the next one's, for a matrix of so many floats.</summary>
    public static int Pitch(int floats) => floats + Lanes;

    /// <summary>Floats of a convolution's transformed kernels.</summary>
    public static int KernelFloats(int outputs, int inputs) => Points * Pitch(outputs * inputs);

    /// <summary>Floats that a convolution and a gradient need to work in.</summary>
    public static int Scratch(int inputs, int outputs, int strip, bool isRows)
    {
        var lanes = isRows ? 1 : Lanes;
        return WindowFloats + (Points * (Pitch(inputs * strip * lanes) + Pitch(outputs * strip * lanes)));
    }

    /// <summary>
    /// y[o, r, s] = sum over c, i, j of x[c, r + i - top, s + j - left] w[o, c, i, j] for each lane, where what lies outside of x is 0.
    /// </summary>
    /// <param name="x">[inputs][height][width][16].</param>
    /// <param name="kernels">What <see cref="Kernels"/> made of the weights.</param>
    /// <param name="y">Receives [outputs][rows][columns][16].</param>
    /// <param name="scratch"><see cref="Scratch"/> floats.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="height">Rows of x.</param>
    /// <param name="width">Columns of x.</param>
    /// <param name="rows">Rows of y.</param>
    /// <param name="columns">Columns of y.</param>
    /// <param name="top">Rows of zeros above x.</param>
    /// <param name="left">Columns of zeros left of x.</param>
    /// <param name="strip">How many tiles go through at a time: as many as keep the scratch in the cache.</param>
    /// <param name="epilogue">What becomes of each sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Convolve<TEpilogue>(ref float x, ref float kernels, ref float y, ref float scratch, int inputs, int outputs, int height, int width, int rows, int columns, int top, int left, int strip, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var (from, to) = (Maps.InLanes(inputs, height, width), Maps.InLanes(outputs, rows, columns));
        var (vPitch, mPitch) = (Pitch(inputs * strip * Lanes), Pitch(outputs * strip * Lanes));
        ref var v = ref Unsafe.Add(ref scratch, WindowFloats);
        ref var m = ref Unsafe.Add(ref v, Points * vPitch);
        var all = Tiles(rows) * Tiles(columns);
        for (var first = 0; first < all; first += strip)
        {
            var tiles = Strip.Of(first, Math.Min(strip, all - first), to);
            var pitch = tiles.Count * Lanes;
            InputTiles(from, ref x, tiles, top, left, ref scratch, ref v, Lanes, pitch, vPitch, new PlainMap());
            for (var k = 0; k < Points; k++)
            {
                var (tile, count) = tiles.Having(k);
                Fetch(to, tiles, k, epilogue);
                Products.Multiply(ref Unsafe.Add(ref kernels, k * Pitch(outputs * inputs)), inputs, 1, ref Unsafe.Add(ref v, (k * vPitch) + (tile * Lanes)), pitch,
                    ref Unsafe.Add(ref m, (k * mPitch) + (tile * Lanes)), pitch, outputs, inputs, count, add: false);
            }
            OutputTiles(to, ref y, tiles, ref m, Lanes, pitch, mPitch, epilogue);
        }
    }

    /// <summary>
    /// The same where channels lie side by side: samples of x are [height][width][inputs], of y [rows][columns][outputs], and 16 divides the channels. Strips go over the tiles of all samples, so that
    /// few tiles of a small map share the kernels with those of the next sample; threads can do a part of the strips each.
    /// </summary>
    /// <param name="x">The samples; places count from the first sample's first number.</param>
    /// <param name="xPitch">Floats from one sample of x to the next.</param>
    /// <param name="xColumn">Floats from one column of x to the next: <paramref name="inputs"/>, or more where x is a part of a wider map.</param>
    /// <param name="kernels">What <see cref="Kernels"/> made of the weights.</param>
    /// <param name="y">Receives the first sample.</param>
    /// <param name="yPitch">Floats from one sample of y to the next.</param>
    /// <param name="yColumn">Floats from one column of y to the next: <paramref name="outputs"/>, or more.</param>
    /// <param name="samples">How many samples there are.</param>
    /// <param name="scratch"><see cref="Scratch"/> floats.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="height">Rows of x.</param>
    /// <param name="width">Columns of x.</param>
    /// <param name="rows">Rows of y.</param>
    /// <param name="columns">Columns of y.</param>
    /// <param name="top">Rows of zeros above x.</param>
    /// <param name="left">Columns of zeros left of x.</param>
    /// <param name="strip">How many tiles go through at a time.</param>
    /// <param name="part">Which part of the strips to do.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="isFar">Whether x is far from the core: what a window will need next is asked for.</param>
    /// <param name="prologue">What becomes of each number of x first.</param>
    /// <param name="epilogue">What becomes of each sum; places count from the first sample's first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ConvolveRows<TPrologue, TEpilogue>(ref float x, int xPitch, int xColumn, ref float kernels, ref float y, int yPitch, int yColumn, int samples, ref float scratch,
        int inputs, int outputs, int height, int width, int rows, int columns, int top, int left, int strip, int part, int parts, bool isFar, TPrologue prologue, TEpilogue epilogue)
        where TPrologue : struct, IPrologue, allows ref struct
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var (from, to) = (Maps.InRows(inputs, height, width, xPitch, xColumn) with { IsFar = isFar }, Maps.InRows(outputs, rows, columns, yPitch, yColumn));
        var (vPitch, mPitch) = (Pitch(inputs * strip), Pitch(outputs * strip));
        ref var v = ref Unsafe.Add(ref scratch, WindowFloats);
        ref var m = ref Unsafe.Add(ref v, Points * vPitch);
        var all = samples * Tiles(rows) * Tiles(columns);
        var strips = (all + strip - 1) / strip;
        for (var s = part * strips / parts; s < (part + 1) * strips / parts; s++)
        {
            var tiles = Strip.Of(s * strip, Math.Min(strip, all - (s * strip)), to);
            InputTiles(from, ref x, tiles, top, left, ref scratch, ref v, inputs, Lanes, vPitch, prologue);
            for (var k = 0; k < Points; k++)
            {
                var (tile, count) = tiles.Having(k);
                Fetch(to, tiles, k, epilogue);
                Products.Multiply(ref Unsafe.Add(ref v, (k * vPitch) + (tile * inputs)), inputs, 1, ref Unsafe.Add(ref kernels, k * Pitch(outputs * inputs)), outputs,
                    ref Unsafe.Add(ref m, (k * mPitch) + (tile * outputs)), outputs, count, inputs, outputs / Lanes, add: false);
            }
            OutputTiles(to, ref y, tiles, ref m, outputs, Lanes, mPitch, epilogue);
        }
    }
}
