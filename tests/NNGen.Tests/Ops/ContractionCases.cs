using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops;

/// <summary>A random place of a window: sizes of map, kernel and result that fit each other, counted here from first principles.</summary>
internal sealed record Geometry(Window Window, int Height, int Width, int KernelHeight, int KernelWidth)
{
    public int OutputHeight => Positions(Height, KernelHeight, Window.StrideY, Window.Top, Window.Bottom, Window.DilationY);

    public int OutputWidth => Positions(Width, KernelWidth, Window.StrideX, Window.Left, Window.Right, Window.DilationX);

    /// <summary>The place of the map that a tap of an output place reads; null in the padding.</summary>
    public (int Row, int Column)? Inside(int y, int x, int ky, int kx)
    {
        var (row, column) = (y * Window.StrideY + ky * Window.DilationY - Window.Top, x * Window.StrideX + kx * Window.DilationX - Window.Left);
        return 0 <= row && row < Height && 0 <= column && column < Width ? (row, column) : null;
    }

    public IEnumerable<(int Y, int X, int Ky, int Kx)> Taps() =>
        Dense.Points([OutputHeight, OutputWidth, KernelHeight, KernelWidth]).Select(p => (p[0], p[1], p[2], p[3]));

    public static Geometry Of(Draw draw, int groups)
    {
        while (true)
        {
            int Padding() => draw.Flip() ? 0 : draw.Int(1, 2);
            int Dilation() => draw.Flip(0.7) ? 1 : 2;
            var window = new Window(draw.Int(1, 3), draw.Int(1, 3), Padding(), Padding(), Padding(), Padding(), Dilation(), Dilation(), groups);
            var geometry = new Geometry(window, draw.Int(1, 4), draw.Int(1, 4), draw.Int(1, 3), draw.Int(1, 3));
            if (geometry is { OutputHeight: >= 1 and <= 3, OutputWidth: >= 1 and <= 3 })
                return geometry;
        }
    }

    // How often the window can be moved on before its last tap leaves the padded map.
    static int Positions(int size, int kernel, int stride, int before, int after, int dilation) =>
        Enumerable.Range(0, 100).Count(i => i * stride + (kernel - 1) * dilation < size + before + after);
}

/// <summary>Random cases of contractions and of the three convolutions, against sums over all indices.</summary>
internal static class ContractionCases
{
    public static readonly IReadOnlyDictionary<string, Func<Draw, Case>> All = new Dictionary<string, Func<Draw, Case>>
    {
        ["contract"]               = Contract,
        ["convolution"]            = Convolution,
        ["convolution_transposed"] = Transposed,
        ["convolution_weights"]    = Weights,
    };

    static Case Contract(Draw draw)
    {
        var samples = draw.Int(1, 3);
        string a = "", b = "", result = "";
        foreach (var letter in "ijkl".Take(draw.Int(0, 4)))
        {
            var kind = draw.Int(0, 3);
            (a, b, result) = (a + (kind != 1 ? letter : ""), b + (kind != 0 ? letter : ""), result + (kind != 2 ? letter : ""));
        }
        string Mixed(string letters) => new(draw.Shuffled(letters));
        (a, b, result) = (Mixed(a), Mixed(b), Mixed(result));
        var sizes = "ijkl".ToDictionary(letter => letter, _ => draw.Int(1, 3));
        var (x, z) = (draw.Operand("a", draw.Type([.. a.Select(l => sizes[l])]), samples), draw.Operand("b", draw.Type([.. b.Select(l => sizes[l])]), samples));
        var sumBatch = (x.Type.Batched || z.Type.Batched) && draw.Flip();
        var letters = string.Concat((a + b).Distinct());

        return Case.Of(Contractions.Contract, new Attributes([sumBatch ? 1 : 0], [], $"{a},{b}->{result}"), samples, [x, z], (v, n, at) =>
        {
            var total = 0.0;
            foreach (var sample in sumBatch ? Enumerable.Range(0, samples) : [n])
                foreach (var point in Dense.Points(letters.Select(l => sizes[l])))
                {
                    int[] At(string own) => [.. own.Select(l => point[letters.IndexOf(l)])];
                    if (At(result).SequenceEqual(at))
                        total += v[0][sample, At(a)] * v[1][sample, At(b)];
                }
            return total;
        }) with
        { Affine = [0, 1] };
    }

    static Case Convolution(Draw draw)
    {
        var (samples, g, o, c) = Channels(draw);
        var x = draw.Operand("x", draw.Type([c * g.Window.Groups, g.Height, g.Width]), samples);
        return Case.Of(Convolutions.Convolution, Attributes.Of(g.Window.Integers), samples, [x, Kernels(draw, g, o, c, samples)], (v, n, at) =>
            Terms(g, o, c).Where(t => (t.O, t.Y, t.X) == (at[0], at[1], at[2])).Sum(t => v[0][n, t.C, t.Row, t.Column] * v[1][n, t.O, t.C % c, t.Ky, t.Kx])) with
        { Affine = [0, 1] };
    }

    static Case Transposed(Draw draw)
    {
        var (samples, g, o, c) = Channels(draw);
        var y = draw.Operand("y", draw.Type([o * g.Window.Groups, g.OutputHeight, g.OutputWidth]), samples);
        return Case.Of(Convolutions.ConvolutionTransposed, Attributes.Of([.. g.Window.Integers, g.Height, g.Width]), samples, [y, Kernels(draw, g, o, c, samples)], (v, n, at) =>
            Terms(g, o, c).Where(t => (t.C, t.Row, t.Column) == (at[0], at[1], at[2])).Sum(t => v[0][n, t.O, t.Y, t.X] * v[1][n, t.O, t.C % c, t.Ky, t.Kx])) with
        { Affine = [0, 1] };
    }

    static Case Weights(Draw draw)
    {
        var (samples, g, o, c) = Channels(draw);
        var x = draw.Operand("x", draw.Type([c * g.Window.Groups, g.Height, g.Width]), samples);
        var y = draw.Operand("y", draw.Type([o * g.Window.Groups, g.OutputHeight, g.OutputWidth]), samples);
        var all = x.Type.Batched || y.Type.Batched ? samples : 1;
        return Case.Of(Convolutions.ConvolutionWeights, Attributes.Of([.. g.Window.Integers, g.KernelHeight, g.KernelWidth]), samples, [x, y], (v, _, at) =>
            Terms(g, o, c).Where(t => (t.O, t.C % c, t.Ky, t.Kx) == (at[0], at[1], at[2], at[3]))
                .Sum(t => Enumerable.Range(0, all).Sum(n => v[0][n, t.C, t.Row, t.Column] * v[1][n, t.O, t.Y, t.X]))) with
        { Affine = [0, 1] };
    }

    static (int Samples, Geometry Geometry, int O, int C) Channels(Draw draw) => (draw.Int(1, 2), Geometry.Of(draw, draw.Of(1, 1, 2, 3)), draw.Int(1, 2), draw.Int(1, 2));

    static Given Kernels(Draw draw, Geometry g, int o, int c, int samples) =>
        draw.Operand("w", draw.Type([o * g.Window.Groups, c, g.KernelHeight, g.KernelWidth], batched: false), samples) with { Leaf = Leaves.Parameter };

    // Every product of the convolution: which output, which input and which tap meet. o and c channels in each group.
    static IEnumerable<(int O, int C, int Y, int X, int Ky, int Kx, int Row, int Column)> Terms(Geometry g, int o, int c) =>
        from tap in g.Taps()
        where g.Inside(tap.Y, tap.X, tap.Ky, tap.Kx) is not null
        let place = g.Inside(tap.Y, tap.X, tap.Ky, tap.Kx)!.Value
        from channels in Dense.Points([g.Window.Groups, o, c])
        select (channels[0] * o + channels[1], channels[0] * c + channels[2], tap.Y, tap.X, tap.Ky, tap.Kx, place.Row, place.Column);
}
