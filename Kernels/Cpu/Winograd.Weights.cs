using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

public static partial class Winograd<TTaps>
{
    // The largest kernel's taps, and those of a transform that is half done: six rows of five.
    private const int MostTaps = 30;

    private static int Taps => TTaps.Count * TTaps.Count;

    /// <summary>Floats of a gradient before its last transform: of one lane block, or of their sum.</summary>
    public static int GradientFloats(int outputs, int inputs) => Points * Pitch(outputs * Padded(inputs));

    /// <summary>Floats that <see cref="Gradient"/> needs to work in.</summary>
    public static int GradientScratch(int inputs, int outputs, int strip, bool isTurned) =>
        isTurned ? Scratch(Padded(inputs), outputs, strip, isRows: false) + (Points * Lanes * Lanes) : Scratch(inputs, outputs, strip, isRows: false);

    /// <summary>The kernels that <see cref="Convolve"/> multiplies with: U = G w G' for each pair of channels, [36][outputs][inputs].</summary>
    /// <param name="weights">[outputs][inputs][taps][taps]; with <paramref name="isAdjoint"/> [inputs][outputs][taps][taps].</param>
    /// <param name="kernels">Receives <see cref="KernelFloats"/>.</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="inputs">Channels that go in.</param>
    /// <param name="isAdjoint">Whether the weights are those of the convolution whose adjoint this is: channels change places, and taps are read backwards.</param>
    /// <param name="isRows">Whether they are for <see cref="ConvolveRows"/>: [36][inputs][outputs].</param>
    /// <param name="part">Which part of the kernels to do.</param>
    /// <param name="parts">How many parts there are; those beyond do nothing.</param>
    public static void Kernels(ref float weights, ref float kernels, int outputs, int inputs, bool isAdjoint, bool isRows, int part = 0, int parts = 1)
    {
        if (part >= parts)
            return;
        var (output, input) = isAdjoint ? (Taps, Taps * outputs) : (Taps * inputs, Taps);
        if (isRows)
            Transform(ref weights, ref kernels, inputs, outputs, input, output, isAdjoint, part * inputs / parts, (part + 1) * inputs / parts);
        else
            Transform(ref weights, ref kernels, outputs, inputs, output, input, isAdjoint, part * outputs / parts, (part + 1) * outputs / parts);
    }

    // [36][rows][columns] from weights that lie one step apart: some of the rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(ref float weights, ref float kernels, int rows, int columns, int rowStep, int columnStep, bool isBackwards, int from, int to)
    {
        Span<float> taps = stackalloc float[MostTaps * Lanes], points = stackalloc float[Points * Lanes];
        ref var tap = ref MemoryMarshal.GetReference(taps);
        ref var point = ref MemoryMarshal.GetReference(points);
        var pitch = Pitch(rows * columns);
        for (var row = from; row < to; row++)
            for (var column = 0; column < columns; column += Lanes)
            {
                var lanes = Math.Min(Lanes, columns - column);
                Gather(ref Unsafe.Add(ref weights, (row * rowStep) + (column * columnStep)), columnStep, lanes, isLast: row == rows - 1 && column + Lanes >= columns, ref tap);
                ref var first = ref Unsafe.Add(ref tap, isBackwards ? (Taps - 1) * Lanes : 0);
                var step = isBackwards ? -Lanes : Lanes;
                for (var j = 0; j < TTaps.Count; j++)
                    KernelRow(ref Unsafe.Add(ref first, j * step), TTaps.Count * step, ref Unsafe.Add(ref point, j * Lanes), 6 * Lanes);
                ref var kernel = ref Unsafe.Add(ref kernels, (row * columns) + column);
                if (lanes == Lanes)
                    for (var i = 0; i < 6; i++)
                        KernelRow(ref Unsafe.Add(ref point, 6 * i * Lanes), Lanes, ref Unsafe.Add(ref kernel, 6 * i * pitch), pitch);
                else
                {
                    for (var i = 0; i < 6; i++)
                        KernelRow(ref Unsafe.Add(ref point, 6 * i * Lanes), Lanes, ref Unsafe.Add(ref point, 6 * i * Lanes), Lanes);
                    for (var k = 0; k < Points; k++)
                        points.Slice(k * Lanes, lanes).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref kernel, k * pitch), lanes));
                }
            }
    }

    // The taps of some kernels, one tap of each side by side.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ref float weights, int step, int lanes, bool isLast, ref float tap)
    {
        // The transpose reads 16 numbers where there may be 9: behind the last of all weights there are none. Of 25 it reads the first 16, then the last.
        if (lanes == Lanes && (Taps >= Lanes || !isLast))
        {
            LaneTransposes.Block(ref weights, step, ref tap, Lanes);
            if (Taps > Lanes)
                LaneTransposes.Block(ref Unsafe.Add(ref weights, Taps - Lanes), step, ref Unsafe.Add(ref tap, (Taps - Lanes) * Lanes), Lanes);
        }
        else
            for (var lane = 0; lane < lanes; lane++)
                for (var i = 0; i < Taps; i++)
                    Unsafe.Add(ref tap, (i * Lanes) + lane) = Unsafe.Add(ref weights, (lane * step) + i);
    }

    /// <summary>
    /// One lane block's share of the gradient of a convolution in its weights, before the last transform: [36][outputs][inputs rounded up to 16], the lanes summed.
    /// </summary>
    /// <param name="x">The convolution's input, [inputs][height][width][16].</param>
    /// <param name="dy">The cotangent of its output, [outputs][rows][columns][16].</param>
    /// <param name="gradient">Receives <see cref="GradientFloats"/>.</param>
    /// <param name="scratch"><see cref="GradientScratch"/> floats.</param>
    /// <param name="valid">Lanes that count; the others repeat the last of them, and their cotangents have no influence.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of dy.</param>
    /// <param name="height">Rows of x.</param>
    /// <param name="width">Columns of x.</param>
    /// <param name="rows">Rows of dy.</param>
    /// <param name="columns">Columns of dy.</param>
    /// <param name="top">Rows of zeros above x.</param>
    /// <param name="left">Columns of zeros left of x.</param>
    /// <param name="strip">How many tiles go through at a time.</param>
    /// <param name="isTurned">
    /// Whether the points of x are turned to have their channels side by side, for products of matrices: that takes time for each channel, where adding lanes inside the products takes time for each
    /// pair of channels in each strip.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(ref float x, ref float dy, ref float gradient, ref float scratch, int valid, int inputs, int outputs, int height, int width, int rows, int columns, int top, int left, int strip, bool isTurned)
    {
        var (from, to, padded) = (Maps.InLanes(inputs, height, width), Maps.InLanes(outputs, rows, columns), Padded(inputs));
        var (vPitch, dPitch) = (Pitch((isTurned ? padded : inputs) * strip * Lanes), Pitch(outputs * strip * Lanes));
        ref var v = ref Unsafe.Add(ref scratch, WindowFloats);
        ref var d = ref Unsafe.Add(ref v, Points * vPitch);
        ref var tile = ref Unsafe.Add(ref d, Points * dPitch);
        var all = Tiles(rows) * Tiles(columns);
        for (var first = 0; first < all; first += strip)
        {
            var tiles = Strip.Of(first, Math.Min(strip, all - first), to);
            var pitch = tiles.Count * Lanes;
            if (isTurned)
            {
                var next = first;
                foreach (var run in tiles)
                    for (var t = 0; t < run.Count; t++)
                        TransposedTile(from, ref x, Strip.Of(next++, 1, to), top, left, ref scratch, ref tile, ref Unsafe.Add(ref v, run.Place(t) * Lanes * padded), padded, vPitch);
            }
            else
                InputTiles(from, ref x, tiles, top, left, ref scratch, ref v, Lanes, pitch, vPitch, new PlainMap());
            CotangentTiles(to, ref dy, tiles, ref scratch, ref d, Lanes, pitch, dPitch, valid);
            for (var k = 0; k < Points; k++)
            {
                var (at, count) = tiles.Having(k);
                ref var a = ref Unsafe.Add(ref d, (k * dPitch) + (at * Lanes));
                ref var points = ref Unsafe.Add(ref gradient, k * Pitch(outputs * padded));
                if (isTurned)
                    Products.Multiply(ref a, pitch, 1, ref Unsafe.Add(ref v, (k * vPitch) + (at * Lanes * padded)), padded, ref points, padded, outputs, count * Lanes, padded / Lanes, add: first > 0);
                else
                    LaneProducts.Multiply(ref a, pitch, ref Unsafe.Add(ref v, (k * vPitch) + (at * Lanes)), pitch, ref points, padded, outputs, inputs, count, add: first > 0);
            }
        }
    }

    /// <summary>
    /// The gradient of a convolution in its weights over some samples, channels side by side, before the last transform: [36][outputs][inputs], or [36][inputs][outputs] where the outputs are pairs of
    /// vectors and the inputs are not. A part does some of the input's channels, or some of the output's where the input has only 16: how many parts there are changes no bit.
    /// </summary>
    /// <param name="x">The convolution's inputs, each [height][width][inputs]; places count from the first sample's first number.</param>
    /// <param name="xPitch">Floats from one sample of x to the next.</param>
    /// <param name="xColumn">Floats from one column of x to the next: <paramref name="inputs"/>, or more where x is a part of a wider map.</param>
    /// <param name="dy">The cotangents of its outputs, each [rows][columns][outputs].</param>
    /// <param name="dyPitch">Floats from one sample of dy to the next.</param>
    /// <param name="dyColumn">Floats from one column of dy to the next: <paramref name="outputs"/>, or more.</param>
    /// <param name="samples">How many samples there are.</param>
    /// <param name="gradient">Receives its part of <see cref="GradientFloats"/>.</param>
    /// <param name="scratch"><see cref="Scratch"/> floats.</param>
    /// <param name="inputs">Channels of x, which 16 divides.</param>
    /// <param name="outputs">Channels of dy, which 16 divides.</param>
    /// <param name="height">Rows of x.</param>
    /// <param name="width">Columns of x.</param>
    /// <param name="rows">Rows of dy.</param>
    /// <param name="columns">Columns of dy.</param>
    /// <param name="top">Rows of zeros above x.</param>
    /// <param name="left">Columns of zeros left of x.</param>
    /// <param name="strip">How many tiles go through at a time.</param>
    /// <param name="part">Which part to do.</param>
    /// <param name="parts">How many parts there are; those beyond the channels do nothing.</param>
    /// <param name="isFar">Whether x is far from the core: what a window will need next is asked for.</param>
    /// <param name="isCotangentFar">Whether dy is.</param>
    /// <param name="prologue">What becomes of each number of x first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GradientRows<TPrologue>(ref float x, int xPitch, int xColumn, ref float dy, int dyPitch, int dyColumn, int samples, ref float gradient, ref float scratch,
        int inputs, int outputs, int height, int width, int rows, int columns, int top, int left, int strip, int part, int parts, bool isFar, bool isCotangentFar, TPrologue prologue)
        where TPrologue : struct, IPrologue, allows ref struct
    {
        var slices = (inputs >= 2 * Lanes ? inputs : outputs) / Lanes;
        var (first, last) = (part * slices / parts, (part + 1) * slices / parts);
        if (part >= parts || first == last)
            return;
        var (inMaps, outMaps) = (Maps.InRows(inputs, height, width, xPitch, xColumn) with { IsFar = isFar }, Maps.InRows(outputs, rows, columns, dyPitch, dyColumn) with { IsFar = isCotangentFar });
        if (inputs >= 2 * Lanes)
            inMaps = inMaps with { First = first, Planes = last - first };
        else
            outMaps = outMaps with { First = first, Planes = last - first };
        GradientStrips(inMaps, ref x, outMaps, ref dy, ref gradient, ref scratch, inputs, outputs, top, left, strip, samples * Tiles(rows) * Tiles(columns), prologue);
    }

    // Some planes of the maps, over all tiles.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientStrips<TPrologue>(in Maps from, ref float x, in Maps to, ref float dy, ref float gradient, ref float scratch, int inputs, int outputs, int top, int left, int strip, int all, TPrologue prologue)
        where TPrologue : struct, IPrologue, allows ref struct
    {
        var (columns, rows) = (from.Planes * Lanes, to.Planes * Lanes);
        var (vPitch, dPitch, pitch) = (Pitch(strip * columns), Pitch(strip * rows), Pitch(outputs * inputs));
        ref var v = ref Unsafe.Add(ref scratch, WindowFloats);
        ref var d = ref Unsafe.Add(ref v, Points * vPitch);
        var isByInput = IsByInput(outputs, inputs);
        gradient = ref Unsafe.Add(ref gradient, isByInput ? (from.First * Lanes * outputs) + (to.First * Lanes) : (to.First * Lanes * inputs) + (from.First * Lanes));
        for (var first = 0; first < all; first += strip)
        {
            var tiles = Strip.Of(first, Math.Min(strip, all - first), to);
            InputTiles(from, ref x, tiles, top, left, ref scratch, ref v, columns, Lanes, vPitch, prologue);
            CotangentTiles(to, ref dy, tiles, ref scratch, ref d, rows, Lanes, dPitch, Lanes);
            for (var k = 0; k < Points; k++)
            {
                var (tile, count) = tiles.Having(k);
                ref var a = ref Unsafe.Add(ref d, (k * dPitch) + (tile * rows));
                ref var b = ref Unsafe.Add(ref v, (k * vPitch) + (tile * columns));
                if (isByInput)
                    Products.Multiply(ref b, 1, columns, ref a, rows, ref Unsafe.Add(ref gradient, k * pitch), outputs, columns, count, to.Planes, add: first > 0);
                else
                    Products.Multiply(ref a, 1, rows, ref b, columns, ref Unsafe.Add(ref gradient, k * pitch), inputs, rows, count, from.Planes, add: first > 0);
            }
        }
    }

    // Whether products of all samples have the outputs in their vectors: a tile of two vectors spreads each number for two products, one of a single vector waits for its loads.
    private static bool IsByInput(int outputs, int inputs) => outputs % (2 * Lanes) == 0 && inputs % (2 * Lanes) != 0;

    /// <summary>The last transform of a gradient: dw = G' g G for each pair of channels, where g is the sum of all shares.</summary>
    /// <param name="shares">The shares, <see cref="GradientFloats"/> at the start of each stride. The first becomes their sum.</param>
    /// <param name="count">How many shares there are, at least 1.</param>
    /// <param name="stride">Floats from one share to the next.</param>
    /// <param name="weights">Receives [outputs][inputs][taps][taps].</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="inputs">Channels that go in.</param>
    /// <param name="isRows">Whether they come from <see cref="GradientRows"/>.</param>
    /// <param name="part">Which part of the pairs to do.</param>
    /// <param name="parts">How many parts there are; those beyond do nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights(Span<float> shares, int count, int stride, ref float weights, int outputs, int inputs, bool isRows, int part = 0, int parts = 1)
    {
        if (part >= parts)
            return;
        var (padded, isByInput) = (Padded(inputs), isRows && IsByInput(outputs, inputs));
        var (all, row) = isByInput ? (inputs, outputs) : (outputs, padded);
        var (from, to) = (part * all / parts, (part + 1) * all / parts);
        for (var k = 0; k < Points && count > 1; k++)
            BlockSums.AddUp(shares[((k * Pitch(outputs * padded)) + (from * row))..], count, stride, (to - from) * row);
        if (isByInput)
            WeightsByInput(ref MemoryMarshal.GetReference(shares), ref weights, outputs, inputs, from, to);
        else
            WeightsByOutput(ref MemoryMarshal.GetReference(shares), ref weights, outputs, inputs, from, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightsByOutput(ref float gradient, ref float weights, int outputs, int inputs, int from, int to)
    {
        var padded = Padded(inputs);
        Span<float> half = stackalloc float[MostTaps * Lanes];
        ref var rows = ref MemoryMarshal.GetReference(half);
        Span<float> all = stackalloc float[MostTaps * Lanes], turned = stackalloc float[2 * Lanes * Lanes];
        ref var taps = ref MemoryMarshal.GetReference(all);
        var pitch = Pitch(outputs * padded);
        for (var o = from; o < to; o++)
            for (var c = 0; c < inputs; c += Lanes)
            {
                WeightTaps(ref Unsafe.Add(ref gradient, (o * padded) + c), pitch, ref rows, ref taps);
                Scatter(ref taps, ref Unsafe.Add(ref weights, ((o * inputs) + c) * Taps), Math.Min(Lanes, inputs - c), turned);
            }
    }

    // Lanes are outputs, whose weights lie apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightsByInput(ref float gradient, ref float weights, int outputs, int inputs, int from, int to)
    {
        Span<float> half = stackalloc float[MostTaps * Lanes], all = stackalloc float[MostTaps * Lanes], turned = stackalloc float[2 * Lanes * Lanes];
        ref var taps = ref MemoryMarshal.GetReference(all);
        var pitch = Pitch(outputs * inputs);
        for (var c = from; c < to; c++)
            for (var o = 0; o < outputs; o += Lanes)
            {
                WeightTaps(ref Unsafe.Add(ref gradient, (c * outputs) + o), pitch, ref MemoryMarshal.GetReference(half), ref taps);
                LaneTransposes.Block(ref taps, Lanes, ref turned[0], Lanes);
                if (Taps > Lanes)
                    LaneTransposes.Block(ref Unsafe.Add(ref taps, (Taps - Lanes) * Lanes), Lanes, ref turned[Lanes * Lanes], Lanes);
                for (var lane = 0; lane < Lanes; lane++)
                {
                    var own = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref weights, (((o + lane) * inputs) + c) * Taps), Taps);
                    turned.Slice(lane * Lanes, Math.Min(Taps, Lanes)).CopyTo(own);
                    if (Taps > Lanes)
                        turned.Slice(Lanes * (Lanes + lane), Lanes).CopyTo(own[(Taps - Lanes)..]);
                }
            }
    }

    // G' g G of sixteen pairs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightTaps(ref float gradient, int pitch, ref float rows, ref float taps)
    {
        for (var j = 0; j < 6; j++)
            WeightRow(ref Unsafe.Add(ref gradient, j * pitch), 6 * pitch, ref Unsafe.Add(ref rows, j * Lanes), 6 * Lanes);
        for (var i = 0; i < TTaps.Count; i++)
            WeightRow(ref Unsafe.Add(ref rows, 6 * i * Lanes), Lanes, ref Unsafe.Add(ref taps, TTaps.Count * i * Lanes), Lanes);
    }

    // The opposite of gathering.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ref float taps, ref float weights, int lanes, Span<float> turned)
    {
        ref var turn = ref MemoryMarshal.GetReference(turned);
        LaneTransposes.Block(ref taps, Lanes, ref turn, Lanes);
        if (Taps > Lanes)
        {
            ref var rest = ref Unsafe.Add(ref turn, Lanes * Lanes);
            LaneTransposes.Block(ref Unsafe.Add(ref taps, (Taps - Lanes) * Lanes), Lanes, ref rest, Lanes);
            for (var lane = 0; lane < lanes; lane++)
            {
                At(ref turn, lane * Lanes).StoreUnsafe(ref Unsafe.Add(ref weights, lane * Taps));
                At(ref rest, lane * Lanes).StoreUnsafe(ref Unsafe.Add(ref weights, (lane * Taps) + Taps - Lanes));
            }
            return;
        }
        // Sixteen numbers are stored where nine are wanted: the next nine overwrite the rest, except behind the last.
        for (var lane = 0; lane < lanes - 1; lane++)
            At(ref turn, lane * Lanes).StoreUnsafe(ref Unsafe.Add(ref weights, lane * Taps));
        turned.Slice((lanes - 1) * Lanes, Taps).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref weights, (lanes - 1) * Taps), Taps));
    }
}
