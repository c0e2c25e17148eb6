using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>
/// Dense layers of all lane blocks at once, for weights that do not stay near a core from one block to the next: each weight is fetched once for all samples. The work is split over the outputs, or over
/// the inputs of a weights' gradient, and each number is summed in the order of the inner index, so that no result depends on how it was split.
/// </summary>
public static class DenseLayers
{
    private const int Lanes = LaneBlocks.Lanes;

    // Bytes of the second cache of most processors, and of the lines of one of its ways.
    private const int NearBytes = 1 << 20, WayBytes = 1 << 16;

    // Outputs whose weights are packed together: the more, the fewer pages are visited for a weight at a time.
    private const int Packed = 72;

    // Inputs of a panel of a weights' gradient, and the samples of one.
    private const int Panel = 2 * Lanes, PanelSamples = 128;

    private const int MostRows = ProductTiles.MostRows;

    /// <summary>Floats that <see cref="Gradient"/> needs to work in.</summary>
    /// <param name="inputs">Inputs of the layer.</param>
    /// <param name="parts">Into how many parts they are cut.</param>
    public static int GradientScratch(int inputs, int parts) => ((((inputs + Panel - 1) / Panel) + parts - 1) / parts * PanelSamples * Panel) + (MostRows * Panel);

    /// <summary>Floats that <see cref="MultiplyTransposed"/> needs to work in.</summary>
    /// <param name="inner">Numbers in a sum.</param>
    public static int TransposedScratch(int inner) => inner * Packed;

    /// <summary>y[o] = sum over k of w[o, k] x[k] for each sample, for some of the outputs.</summary>
    /// <param name="weights">[outputs][inner].</param>
    /// <param name="x">The first block's [inner][16].</param>
    /// <param name="xPitch">Floats from one block of x to the next.</param>
    /// <param name="y">Receives the first block's [outputs][16].</param>
    /// <param name="yPitch">Floats from one block of y to the next.</param>
    /// <param name="blocks">How many blocks there are.</param>
    /// <param name="inner">Numbers in a sum.</param>
    /// <param name="outputs">Outputs of the layer.</param>
    /// <param name="part">Which part of the outputs to do.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="epilogue">What becomes of each sum; places count from the first block's first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TEpilogue>(ref float weights, ref float x, int xPitch, ref float y, int yPitch, int blocks, int inner, int outputs, int part, int parts, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var (first, last) = (First(outputs, part, parts), First(outputs, part + 1, parts));
        Outputs(ref Unsafe.Add(ref weights, (nint)first * inner), inner, 1, inner, ref x, xPitch, ref y, yPitch, blocks, inner, first, last, epilogue);
    }

    /// <summary>The same with the weights used backwards: y[o] = sum over k of w[k, o] x[k].</summary>
    /// <param name="weights">[inner][outputs].</param>
    /// <param name="x">The first block's [inner][16].</param>
    /// <param name="xPitch">Floats from one block of x to the next.</param>
    /// <param name="y">Receives the first block's [outputs][16].</param>
    /// <param name="yPitch">Floats from one block of y to the next.</param>
    /// <param name="scratch"><see cref="TransposedScratch"/> floats.</param>
    /// <param name="blocks">How many blocks there are.</param>
    /// <param name="inner">Numbers in a sum.</param>
    /// <param name="outputs">Columns of the weights.</param>
    /// <param name="part">Which part of the outputs to do.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="epilogue">What becomes of each sum; places count from the first block's first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposed<TEpilogue>(ref float weights, ref float x, int xPitch, ref float y, int yPitch, ref float scratch, int blocks, int inner, int outputs, int part, int parts, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var (first, last) = (First(outputs, part, parts), First(outputs, part + 1, parts));
        if (StaysNear(outputs, inner))
        {
            Outputs(ref Unsafe.Add(ref weights, first), 1, outputs, 1, ref x, xPitch, ref y, yPitch, blocks, inner, first, last, epilogue);
            return;
        }
        for (var from = first; from < last; from += Packed)
        {
            var to = Math.Min(from + Packed, last);
            Pack(ref Unsafe.Add(ref weights, from), outputs, inner, to - from, ref scratch);
            Outputs(ref scratch, 1, MostRows, inner, ref x, xPitch, ref y, yPitch, blocks, inner, from, to, epilogue);
        }
    }

    /// <summary>The gradient of a layer's weights: w[o, k] = sum over samples of dy[o] x[k], for some of the inputs.</summary>
    /// <param name="x">[count][inputs], sample by sample.</param>
    /// <param name="dy">The first block's cotangents, [outputs][16]; lanes without a sample do not count.</param>
    /// <param name="dyPitch">Floats from one block of dy to the next.</param>
    /// <param name="gradient">Receives [outputs][inputs].</param>
    /// <param name="scratch"><see cref="GradientScratch"/> floats.</param>
    /// <param name="count">Samples, at least one.</param>
    /// <param name="inputs">Inputs of the layer.</param>
    /// <param name="outputs">Outputs of the layer.</param>
    /// <param name="part">Which part of the inputs to do.</param>
    /// <param name="parts">How many parts there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(ref float x, ref float dy, int dyPitch, ref float gradient, ref float scratch, int count, int inputs, int outputs, int part, int parts)
    {
        var panels = (inputs + Panel - 1) / Panel;
        var (from, to) = (part * panels / parts, (part + 1) * panels / parts);
        ref var border = ref Unsafe.Add(ref scratch, (to - from) * PanelSamples * Panel);
        for (var first = 0; first < count; first += PanelSamples)
        {
            var samples = Math.Min(PanelSamples, count - first);
            for (var panel = from; panel < to; panel++)
                PackPanel(ref Unsafe.Add(ref x, ((nint)first * inputs) + (panel * Panel)), inputs, samples, Math.Min(Panel, inputs - (panel * Panel)), ref Unsafe.Add(ref scratch, (panel - from) * PanelSamples * Panel));
            var sum = new ProductTiles.Sum(samples, Lanes, 1, Lanes, dyPitch - Lanes, Panel, 0, Lanes, inputs, Lanes, first > 0);
            for (var panel = from; panel < to; panel++)
            {
                ref var b = ref Unsafe.Add(ref scratch, (panel - from) * PanelSamples * Panel);
                var columns = Math.Min(Panel, inputs - (panel * Panel));
                for (int output = 0, rows; output < outputs; output += rows)
                {
                    rows = ProductTiles.Rows(outputs - output);
                    ref var a = ref Unsafe.Add(ref dy, ((nint)(first / Lanes) * dyPitch) + (output * Lanes));
                    ref var c = ref Unsafe.Add(ref gradient, ((nint)output * inputs) + (panel * Panel));
                    if (columns % Lanes == 0)
                        ProductTiles.Tile(rows, isPair: columns == Panel, sum, ref a, ref b, ref c);
                    else
                        BorderTile(rows, columns, sum, ref a, ref b, ref c, ref border);
                }
            }
        }
    }

    // A tile that would reach beyond the last input is computed aside.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BorderTile(int rows, int columns, in ProductTiles.Sum sum, ref float a, ref float b, ref float c, ref float aside)
    {
        ProductTiles.Tile(rows, isPair: true, sum with { CPitch = Panel, IsAdded = false }, ref a, ref b, ref aside);
        for (var row = 0; row < rows; row++)
            for (var k = 0; k < columns; k++)
            {
                ref var target = ref Unsafe.Add(ref c, (row * sum.CPitch) + k);
                target = Unsafe.Add(ref aside, (row * Panel) + k) + (sum.IsAdded ? target : 0);
            }
    }

    // A few inputs of all samples, sample by sample; zeros where there are fewer than a panel has.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanel(ref float x, int pitch, int samples, int inputs, ref float packed)
    {
        for (var sample = 0; sample < samples; sample++)
        {
            ref var from = ref Unsafe.Add(ref x, (nint)sample * pitch);
            ref var to = ref Unsafe.Add(ref packed, sample * Panel);
            if (inputs == Panel)
            {
                Vector512.LoadUnsafe(ref from).StoreUnsafe(ref to);
                Vector512.LoadUnsafe(ref from, Lanes).StoreUnsafe(ref to, Lanes);
                continue;
            }
            for (var k = 0; k < Panel; k++)
                Unsafe.Add(ref to, k) = k < inputs ? Unsafe.Add(ref from, k) : 0;
        }
    }

    // Whether a tile's weights, a line of each row, have room beside each other from one pair of blocks to the next. Rows that are multiples of a large power of two apart fall into few sets of a cache.
    private static bool StaysNear(int columns, int rows)
    {
        var bytes = columns * sizeof(float);
        return (long)rows * Math.Min(bytes & -bytes, WayBytes) <= NearBytes;
    }

    // The first output of a part: whole tiles, but for the last.
    private static int First(int outputs, int part, int parts) => Math.Min(outputs, (outputs + MostRows - 1) / MostRows * part / parts * MostRows);

    // Some outputs, from weights that begin with the first one's. A tile's are a pitch apart, and tiles twelve times as much as is said for an output.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outputs<TEpilogue>(ref float weights, nint pitch, nint step, nint apart, ref float x, int xPitch, ref float y, int yPitch, int blocks, int inner, int first, int last, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var sum = new ProductTiles.Sum(inner, pitch, step, inner, 0, Lanes, 0, xPitch, Lanes, yPitch, false);
        for (int output = first, rows; output < last; output += rows)
        {
            var within = (output - first) % MostRows;
            rows = ProductTiles.Rows(Math.Min(last - output, MostRows - within));
            ref var a = ref Unsafe.Add(ref weights, ((nint)(output - first - within) * apart) + (within * pitch));
            for (var block = 0; block < blocks; block += 2)
                ProductTiles.Tile(rows, isPair: block + 1 < blocks, sum, ref a, ref Unsafe.Add(ref x, (nint)block * xPitch), ref Unsafe.Add(ref y, ((nint)block * yPitch) + (output * Lanes)));
            for (var block = 0; block < blocks; block++)
                Finish(ref y, ((nint)block * yPitch) + (output * Lanes), rows, output, epilogue);
        }
    }

    // Weights of some neighbouring outputs, tile by tile: a tile's lie one behind the other, in the first cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(ref float weights, int pitch, int inner, int outputs, ref float packed)
    {
        var step = (nint)inner * MostRows;
        for (var k = 0; k < inner; k++)
        {
            ref var from = ref Unsafe.Add(ref weights, (nint)k * pitch);
            ref var to = ref Unsafe.Add(ref packed, k * MostRows);
            var o = 0;
            for (; o + MostRows <= outputs; o += MostRows)
            {
                Vector256.LoadUnsafe(ref from, (nuint)o).StoreUnsafe(ref to);
                Vector128.LoadUnsafe(ref from, (nuint)o + 8).StoreUnsafe(ref to, 8);
                to = ref Unsafe.Add(ref to, step);
            }
            for (var rest = 0; rest < outputs - o; rest++)
                Unsafe.Add(ref to, rest) = Unsafe.Add(ref from, o + rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish<TEpilogue>(ref float y, nint at, int rows, int channel, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        for (var row = 0; row < rows; row++)
        {
            ref var sum = ref Unsafe.Add(ref y, at);
            if (Avx512F.IsSupported)
                epilogue.Apply(Vector512.LoadUnsafe(ref sum), at, channel + row).StoreUnsafe(ref sum);
            else
                for (var half = 0; half < Lanes; half += Lanes / 2)
                    epilogue.Apply(Vector256.LoadUnsafe(ref sum, (nuint)half), at + half, channel + row).StoreUnsafe(ref sum, (nuint)half);
            at += Lanes;
        }
    }
}
