using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <content>
/// Minimal filtering along each row alone, F(2, 5) or F(4, 3): the rows of a kernel stay in the sums, which have as many more numbers. Of ten products six are left, where tiles of F(2 x 2, 5 x 5) leave 36
/// of 100; but there are a third of the sums, and a sixth of the transforms. That is worth more where channels are few, and rounding is that of one transform instead of two.
/// </content>
public static partial class Winograd<TTaps>
{
    private const int BorderFloats = Reach * Lanes;

    /// <summary>Floats of a convolution's kernels, transformed along their rows.</summary>
    public static int LineKernelFloats(int outputs, int inputs) => Reach * Pitch(outputs * TTaps.Count * inputs);

    /// <summary>Floats of a lane block's share of a gradient along rows, or of their sum.</summary>
    public static int LineGradientFloats(int outputs, int inputs) => Reach * TTaps.Count * Pitch(outputs * Padded(inputs));

    /// <summary>Floats that <see cref="ConvolveLines"/> and <see cref="GradientLines"/> need to work in.</summary>
    public static int LineScratch(int inputs, int outputs, int columns, int strip)
    {
        var (input, output) = LinePitches(inputs, outputs, Tiles(columns) * Lanes, strip);
        return BorderFloats + (Reach * (input + output));
    }

    // Floats from one point's lines of the inputs to the next's, and of the outputs.
    private static (int Input, int Output) LinePitches(int inputs, int outputs, int line, int strip) => (Pitch(inputs * (strip + TTaps.Count - 1) * line), Pitch(outputs * strip * line));

    /// <summary>The kernels that <see cref="ConvolveLines"/> multiplies with: w G' for each pair of channels and row of taps, [6][outputs][taps][inputs].</summary>
    /// <param name="weights">[outputs][inputs][taps][taps]; with <paramref name="isAdjoint"/> [inputs][outputs][taps][taps].</param>
    /// <param name="kernels">Receives <see cref="LineKernelFloats"/>.</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="inputs">Channels that go in.</param>
    /// <param name="isAdjoint">Whether the weights are those of the convolution whose adjoint this is: channels change places, and taps are read backwards.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LineKernels(ref float weights, ref float kernels, int outputs, int inputs, bool isAdjoint)
    {
        Span<float> taps = stackalloc float[MostTaps * Lanes], points = stackalloc float[Reach * Lanes];
        ref var tap = ref MemoryMarshal.GetReference(taps);
        ref var point = ref MemoryMarshal.GetReference(points);
        var (outputStep, inputStep) = isAdjoint ? (Taps, Taps * outputs) : (Taps * inputs, Taps);
        var pitch = Pitch(outputs * TTaps.Count * inputs);
        ref var first = ref Unsafe.Add(ref tap, isAdjoint ? (Taps - 1) * Lanes : 0);
        var step = isAdjoint ? -Lanes : Lanes;
        for (var o = 0; o < outputs; o++)
            for (var c = 0; c < inputs; c += Lanes)
            {
                var lanes = Math.Min(Lanes, inputs - c);
                Gather(ref Unsafe.Add(ref weights, (o * outputStep) + (c * inputStep)), inputStep, lanes, isLast: o == outputs - 1 && c + Lanes >= inputs, ref tap);
                for (var i = 0; i < TTaps.Count; i++)
                {
                    ref var to = ref Unsafe.Add(ref kernels, (((o * TTaps.Count) + i) * inputs) + c);
                    KernelRow(ref Unsafe.Add(ref first, i * TTaps.Count * step), step, ref point, Lanes);
                    for (var k = 0; k < Reach; k++)
                        points.Slice(k * Lanes, lanes).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, k * pitch), lanes));
                }
            }
    }

    /// <summary>The same convolution as <see cref="Convolve"/>.</summary>
    /// <param name="x">[inputs][height][width][16].</param>
    /// <param name="kernels">What <see cref="LineKernels"/> made of the weights.</param>
    /// <param name="y">Receives [outputs][rows][columns][16].</param>
    /// <param name="scratch"><see cref="LineScratch"/> floats.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="height">Rows of x.</param>
    /// <param name="width">Columns of x.</param>
    /// <param name="rows">Rows of y.</param>
    /// <param name="columns">Columns of y.</param>
    /// <param name="top">Rows of zeros above x.</param>
    /// <param name="left">Columns of zeros left of x.</param>
    /// <param name="strip">How many rows of y go through at a time.</param>
    /// <param name="epilogue">What becomes of each sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ConvolveLines<TEpilogue>(ref float x, ref float kernels, ref float y, ref float scratch, int inputs, int outputs, int height, int width, int rows, int columns, int top, int left, int strip, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var (numbers, tiles) = (TTaps.Count * inputs, Tiles(columns));
        var line = tiles * Lanes;
        var (vPitch, mPitch) = LinePitches(inputs, outputs, line, strip);
        var to = Maps.InLanes(outputs, rows, columns);
        ref var v = ref Unsafe.Add(ref scratch, BorderFloats);
        ref var m = ref Unsafe.Add(ref v, Reach * vPitch);
        for (var first = 0; first < rows; first += strip)
        {
            var count = Math.Min(strip, rows - first);
            var lines = count + TTaps.Count - 1;
            InputLines(Maps.InLanes(inputs, height, width), ref x, first - top, left, lines, tiles, ref scratch, ref v, vPitch);
            // A row of taps is a group of channels; the next one's are a line further down.
            var sum = new ProductTiles.Sum(numbers, numbers, 1, inputs, 0, lines * line, line - (inputs * lines * line), Lanes, count * line, Lanes, false);
            for (var k = 0; k < Reach; k++)
            {
                Fetch(to, first + (k * count / Reach), first + ((k + 1) * count / Reach), epilogue);
                Products.Multiply(sum, ref Unsafe.Add(ref kernels, k * Pitch(outputs * numbers)), ref Unsafe.Add(ref v, k * vPitch), ref Unsafe.Add(ref m, k * mPitch), outputs, count * tiles);
            }
            OutputLines(to, ref y, first, count, ref m, mPitch, epilogue);
        }
    }

    /// <summary>One lane block's share of the gradient of a convolution in its weights, before <see cref="LineWeights"/>: [6][taps][outputs][inputs rounded up to 16], the lanes summed.</summary>
    /// <param name="x">The convolution's input, [inputs][height][width][16].</param>
    /// <param name="dy">The cotangent of its output, [outputs][rows][columns][16].</param>
    /// <param name="gradient">Receives <see cref="LineGradientFloats"/>.</param>
    /// <param name="scratch"><see cref="LineScratch"/> floats.</param>
    /// <param name="valid">Lanes that count; the others repeat the last of them, and their cotangents have no influence.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of dy.</param>
    /// <param name="height">Rows of x.</param>
    /// <param name="width">Columns of x.</param>
    /// <param name="rows">Rows of dy.</param>
    /// <param name="columns">Columns of dy.</param>
    /// <param name="top">Rows of zeros above x.</param>
    /// <param name="left">Columns of zeros left of x.</param>
    /// <param name="strip">How many rows of dy go through at a time.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GradientLines(ref float x, ref float dy, ref float gradient, ref float scratch, int valid, int inputs, int outputs, int height, int width, int rows, int columns, int top, int left, int strip)
    {
        var (padded, tiles) = (Padded(inputs), Tiles(columns));
        var line = tiles * Lanes;
        var (vPitch, dPitch) = LinePitches(inputs, outputs, line, strip);
        ref var v = ref Unsafe.Add(ref scratch, BorderFloats);
        ref var d = ref Unsafe.Add(ref v, Reach * vPitch);
        for (var first = 0; first < rows; first += strip)
        {
            var count = Math.Min(strip, rows - first);
            var lines = count + TTaps.Count - 1;
            InputLines(Maps.InLanes(inputs, height, width), ref x, first - top, left, lines, tiles, ref scratch, ref v, vPitch);
            CotangentLines(Maps.InLanes(outputs, rows, columns), ref dy, first, count, tiles, ref scratch, ref d, dPitch, valid);
            for (var k = 0; k < Reach; k++)
                for (var i = 0; i < TTaps.Count; i++)
                    LaneProducts.Multiply(ref Unsafe.Add(ref d, k * dPitch), count * line, ref Unsafe.Add(ref v, (k * vPitch) + (i * line)), lines * line,
                        ref Unsafe.Add(ref gradient, ((k * TTaps.Count) + i) * Pitch(outputs * padded)), padded, outputs, inputs, count * tiles, add: first > 0);
        }
    }

    /// <summary>The last transform of a gradient along rows: dw = g G for each pair of channels and row of taps, where g is the sum of all shares.</summary>
    /// <param name="shares">The shares, <see cref="LineGradientFloats"/> at the start of each stride. The first becomes their sum.</param>
    /// <param name="count">How many shares there are, at least 1.</param>
    /// <param name="stride">Floats from one share to the next.</param>
    /// <param name="weights">Receives [outputs][inputs][taps][taps].</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="inputs">Channels that go in.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LineWeights(Span<float> shares, int count, int stride, ref float weights, int outputs, int inputs)
    {
        BlockSums.AddUp(shares, count, stride, LineGradientFloats(outputs, inputs));
        ref var gradient = ref MemoryMarshal.GetReference(shares);
        Span<float> all = stackalloc float[MostTaps * Lanes], turned = stackalloc float[2 * Lanes * Lanes];
        ref var taps = ref MemoryMarshal.GetReference(all);
        var padded = Padded(inputs);
        var pitch = Pitch(outputs * padded);
        for (var o = 0; o < outputs; o++)
            for (var c = 0; c < inputs; c += Lanes)
            {
                for (var i = 0; i < TTaps.Count; i++)
                    WeightRow(ref Unsafe.Add(ref gradient, (i * pitch) + (o * padded) + c), TTaps.Count * pitch, ref Unsafe.Add(ref taps, TTaps.Count * i * Lanes), Lanes);
                Scatter(ref taps, ref Unsafe.Add(ref weights, ((o * inputs) + c) * Taps), Math.Min(Lanes, inputs - c), turned);
            }
    }

    // The points of some rows of all planes: [planes][lines][tiles][16], for each of the six.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputLines(in Maps maps, ref float x, int row, int left, int lines, int tiles, ref float border, ref float v, nint pitch)
    {
        // The tiles whose six columns lie in the map.
        var first = Math.Min((left + Side - 1) / Side, tiles);
        var last = Math.Clamp((maps.Width + left - Reach + Side) / Side, first, tiles);
        for (var p = 0; p < maps.Planes; p++)
            for (var i = row; i < row + lines; i++)
            {
                if ((uint)i >= (uint)maps.Height)
                {
                    for (var k = 0; k < Reach; k++)
                        for (var t = 0; t < tiles; t++)
                            Vector512<float>.Zero.StoreUnsafe(ref Unsafe.Add(ref v, (k * pitch) + (t * Lanes)));
                    v = ref Unsafe.Add(ref v, tiles * Lanes);
                    continue;
                }
                ref var from = ref Unsafe.Add(ref x, (p * maps.Plane) + (i * maps.Row));
                for (var t = 0; t < tiles; t++)
                {
                    var column = (t * Side) - left;
                    if (t >= first && t < last)
                        InputPoints(ref Unsafe.Add(ref from, column * Lanes), ref v, pitch);
                    else
                    {
                        Neighbours(ref from, column, Reach, maps.Width, ref border);
                        InputPoints(ref border, ref v, pitch);
                    }
                    v = ref Unsafe.Add(ref v, Lanes);
                }
            }
    }

    // Some neighbours in a row, with zeros where they lie beyond it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Neighbours(ref float row, int column, int count, int width, ref float to)
    {
        for (var j = 0; j < count; j++)
            ((uint)(column + j) < (uint)width ? At(ref row, (column + j) * Lanes) : Vector512<float>.Zero).StoreUnsafe(ref Unsafe.Add(ref to, j * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputPoints(ref float d, ref float v, nint pitch)
    {
        if (Avx512F.IsSupported)
            InputLine(ref d, ref v, pitch);
        else
            for (nint half = 0; half < Lanes; half += Lanes / 2)
                InputLineOfHalf(ref Unsafe.Add(ref d, half), ref Unsafe.Add(ref v, half), pitch);
    }

    // Asks for what an epilogue will read at some rows, during the products before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fetch<TEpilogue>(in Maps maps, int row, int end, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        if (!epilogue.ReadsFar)
            return;
        for (var p = 0; p < maps.Planes; p++)
            for (var place = (p * maps.Plane) + (row * maps.Row); place < (p * maps.Plane) + (end * maps.Row); place += Lanes)
                epilogue.Fetch(place, p);
    }

    // What comes of the points of some rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputLines<TEpilogue>(in Maps maps, ref float y, int row, int count, ref float m, nint pitch, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        for (var p = 0; p < maps.Planes; p++)
            for (var i = row; i < row + count; i++)
            {
                var place = (nint)((p * maps.Plane) + (i * maps.Row));
                for (var columns = maps.Width; columns > 0; columns -= Side)
                {
                    if (Avx512F.IsSupported)
                        OutputLine(ref m, pitch, ref y, place, columns, p, epilogue);
                    else
                        for (nint half = 0; half < Lanes; half += Lanes / 2)
                            OutputLineOfHalf(ref Unsafe.Add(ref m, half), pitch, ref y, place + half, columns, p, epilogue);
                    m = ref Unsafe.Add(ref m, Lanes);
                    place += Side * Lanes;
                }
            }
    }

    // d = dy A' for some rows; lanes that do not count are 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CotangentLines(in Maps maps, ref float dy, int row, int count, int tiles, ref float border, ref float d, nint pitch, int valid)
    {
        for (var p = 0; p < maps.Planes; p++)
            for (var i = row; i < row + count; i++)
            {
                ref var from = ref Unsafe.Add(ref dy, (p * maps.Plane) + (i * maps.Row));
                for (var t = 0; t < tiles; t++)
                {
                    if ((t + 1) * Side <= maps.Width)
                        CotangentPoints(ref Unsafe.Add(ref from, t * Side * Lanes), ref d, pitch, valid);
                    else
                    {
                        Neighbours(ref from, t * Side, Side, maps.Width, ref border);
                        CotangentPoints(ref border, ref d, pitch, valid);
                    }
                    d = ref Unsafe.Add(ref d, Lanes);
                }
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentPoints(ref float dy, ref float d, nint pitch, int valid)
    {
        if (Avx512F.IsSupported)
            CotangentRow<Whole>(ref dy, ref d, pitch);
        else
            for (nint half = 0; half < Lanes; half += Lanes / 2)
                CotangentRowOfHalf<Whole>(ref Unsafe.Add(ref dy, half), ref Unsafe.Add(ref d, half), pitch);
        if (valid < Lanes)
            for (var k = 0; k < Reach; k++)
                (At(ref d, k * pitch) & LaneSums.Mask512(valid)).StoreUnsafe(ref Unsafe.Add(ref d, k * pitch));
    }
}
