using FsCheck;
using FsCheck.Fluent;

namespace NNGen.Tests.RandomNetworks;

/// <summary>
/// A network as a tree of layers that prints itself as C# in our vocabulary. A layer prints what fits the sizes that it meets, so every tree is a network and
/// every part that a shrinker takes away leaves one.
/// </summary>
internal sealed record RandomNetwork(int[] Input, Piece[] Pieces, bool Classifies)
{
    public string Source
    {
        get
        {
            var (body, sizes) = Piece.Chain(Pieces, Input);
            // A last layer of its own, so that something is trained however little is left of the tree.
            var (head, target, loss) = Classifies
                ? ("Flatten | Dense(3)", "[Classes(3)] Labels target", "CrossEntropy(y, target)")
                : (sizes.Length == 3 ? $"Conv({sizes[0]}, 1)" : $"Dense({sizes[^1]})", $"[Shape({string.Join(", ", sizes)})] Tensor target", "MeanSquaredError(y, target)");
            return $$"""
                [Network(Programs = Programs.Double | Programs.InputGradient)]
                public sealed partial class Net
                {
                    static Tensor Forward([Shape({{string.Join(", ", Input)}})] Tensor x) => x{{body}} | {{head}};

                    static Scalar Loss(Tensor y, {{target}}) => {{loss}};
                }
                """;
        }
    }

    /// <summary>Layers in the tree.</summary>
    public int Depth => Pieces.Sum(piece => piece.Depth);

    public override string ToString() => Source;

    public static Arbitrary<RandomNetwork> Arbitrary => Arb.From(Any, Smaller);

    static Gen<RandomNetwork> Any =>
        from input in Gen.OneOf(Gen.Choose(1, 6).Select(n => new[] { n }), Gen.Choose(1, 3).SelectMany(c => Gen.Choose(4, 6).SelectMany(h => Gen.Choose(4, 6).Select(w => new[] { c, h, w }))))
        from pieces in Piece.Several(5, 2)
        from classifies in Gen.Elements(true, false)
        select new RandomNetwork(input, pieces, classifies);

    static IEnumerable<RandomNetwork> Smaller(RandomNetwork network) =>
    [
        .. Piece.Fewer(network.Pieces).Select(pieces => network with { Pieces = pieces }),
        .. network.Input.Length == 3 ? [network with { Input = [network.Input[0]] }] : Array.Empty<RandomNetwork>(),
        .. network.Input.Select((size, axis) => (size, axis)).Where(s => s.size > 1).Select(s => network with { Input = [.. network.Input.Select((size, axis) => axis == s.axis ? size - 1 : size)] }),
        .. network.Classifies ? [network with { Classifies = false }] : Array.Empty<RandomNetwork>(),
    ];
}

/// <summary>A layer, or several of them combined.</summary>
internal abstract record Piece
{
    /// <summary>Layers in it.</summary>
    public virtual int Depth => 1;

    /// <summary>What follows a tensor of these sizes (empty for nothing), and the sizes after it.</summary>
    public abstract (string Text, int[] Sizes) On(int[] sizes);

    /// <summary>What a shrinker may put in its place.</summary>
    public virtual IEnumerable<Piece[]> Simpler => [];

    public static (string Text, int[] Sizes) Chain(IEnumerable<Piece> pieces, int[] sizes) =>
        pieces.Aggregate(("", sizes), (so, piece) => piece.On(so.Item2) is var (text, after) ? (so.Item1 + text, after) : so);

    /// <summary>All lists that are a little smaller.</summary>
    public static IEnumerable<Piece[]> Fewer(Piece[] pieces) =>
        Enumerable.Range(0, pieces.Length).SelectMany(i => pieces[i].Simpler.Prepend([]).Select(instead => (Piece[])[.. pieces[..i], .. instead, .. pieces[(i + 1)..]]));

    public static Gen<Piece[]> Several(int most, int nesting) => Gen.Choose(1, most).SelectMany(count => Gen.ArrayOf(One(nesting), count));

    static Gen<Piece> One(int nesting)
    {
        var affine = from width in Gen.Choose(1, 4) from kernel in Gen.Elements(1, 2, 3) from stride in Gen.Elements(1, 1, 2) from bias in Gen.Elements(true, false) select (Piece)new Affine(width, kernel, stride, bias);
        var fixedOnes = Gen.Elements(
            "Relu", "Tanh", "Sigmoid", "Softplus", "Gelu", "Silu", "Elu", "Softmax", "LeakyRelu(0.2f)", "(t => Where(t < 0f, t * 0.5f, t))", "(t => t * 0.5f + 0.25f)", "(t => t / (1f + Square(t)))",
            "(t => t - BatchMean(t))", "Flip(0)", "(t => Max(t, 0.1f * t))").Select(text => (Piece)new Fixed(text));
        var maps = Gen.Elements<Piece>(new Pooled("MaxPool(2)"), new Pooled("AveragePool(2)"), new Pooled("MaxPool(3, 1, 1)"), new Pooled("AveragePool(3, 2, 1, countPadding: false)"), new Wider());
        var norm = Gen.Constant<Piece>(new Norm());
        var flat = Gen.Elements<Piece>(new Flat("Flatten"), new Flat("GlobalAveragePool"));
        if (nesting == 0)
            return Gen.Frequency((4, affine), (4, fixedOnes), (2, maps), (1, norm), (1, flat));
        var inner = Several(3, nesting - 1);
        return Gen.Frequency((4, affine), (4, fixedOnes), (2, maps), (1, norm), (1, flat),
            (1, inner.Select(pieces => (Piece)new Residual(pieces))), (1, inner.SelectMany(left => inner.Select(right => (Piece)new Parallel(left, right)))));
    }

    /// <summary>A convolution of a map, a dense layer of a vector.</summary>
    sealed record Affine(int Width, int Kernel, int Stride, bool Bias) : Piece
    {
        public override (string, int[]) On(int[] sizes)
        {
            var bias = Bias ? "" : ", bias: false";
            if (sizes.Length != 3)
                return ($" | Dense({Width}{bias})", [.. sizes[..^1], Width]);
            int After(int size) => (size + 2 * (Kernel / 2) - Kernel) / Stride + 1;
            return ($" | Conv({Width}, {Kernel}, {Stride}, padding: {Kernel / 2}{bias})", [Width, After(sizes[1]), After(sizes[2])]);
        }

        public override IEnumerable<Piece[]> Simpler =>
        [
            .. Width > 1 ? [[this with { Width = Width - 1 }]] : Array.Empty<Piece[]>(),
            .. Kernel > 1 ? [[this with { Kernel = 1 }]] : Array.Empty<Piece[]>(),
            .. Stride > 1 ? [[this with { Stride = 1 }]] : Array.Empty<Piece[]>(),
            .. Bias ? [[this with { Bias = false }]] : Array.Empty<Piece[]>(),
        ];
    }

    /// <summary>A layer that takes and gives any sizes.</summary>
    sealed record Fixed(string Text) : Piece
    {
        public override (string, int[]) On(int[] sizes) => ($" | {Text}", sizes);
    }

    /// <summary>Pooling of a map that is large enough.</summary>
    sealed record Pooled(string Text) : Piece
    {
        public override (string, int[]) On(int[] sizes) => sizes.Length != 3 || sizes[1] < 2 || sizes[2] < 2 ? ("", sizes)
            : ($" | {Text}", [sizes[0], After(sizes[1]), After(sizes[2])]);

        int After(int size) => Text.Contains("3, 1, 1") ? size : Text.Contains("3, 2, 1") ? (size - 1) / 2 + 1 : size / 2;
    }

    /// <summary>Twice the height and width.</summary>
    sealed record Wider : Piece
    {
        public override (string, int[]) On(int[] sizes) => sizes.Length != 3 || sizes[1] > 4 || sizes[2] > 4 ? ("", sizes)
            : (" | ConvTranspose(2, 2, stride: 2)", [2, 2 * sizes[1], 2 * sizes[2]]);
    }

    /// <summary>Batch normalisation; the large epsilon keeps slopes small where a channel hardly varies.</summary>
    sealed record Norm : Piece
    {
        public override (string, int[]) On(int[] sizes) => (" | BatchNorm(epsilon: 0.1f)", sizes);
    }

    /// <summary>A map as a vector.</summary>
    sealed record Flat(string Text) : Piece
    {
        public override (string, int[]) On(int[] sizes) => sizes.Length != 3 ? ("", sizes)
            : Text == "Flatten" ? (" | Flatten", [sizes.Aggregate(1, (product, size) => product * size)]) : (" | GlobalAveragePool", [sizes[0], 1, 1]);
    }

    /// <summary>x + f(x) where sizes stay, else f(x).</summary>
    sealed record Residual(Piece[] Body) : Piece
    {
        public override int Depth => Body.Sum(piece => piece.Depth);

        public override (string, int[]) On(int[] sizes)
        {
            var (text, after) = Chain(Body, sizes);
            return after.SequenceEqual(sizes) ? ($" | (t => t + (t{text}))", sizes) : (text, after);
        }

        public override IEnumerable<Piece[]> Simpler => [Body, .. Fewer(Body).Select(body => (Piece[])[new Residual(body)])];
    }

    /// <summary>Both one behind the other along axis 0 where they fit, else the first.</summary>
    sealed record Parallel(Piece[] Left, Piece[] Right) : Piece
    {
        public override int Depth => Math.Max(Left.Sum(piece => piece.Depth), Right.Sum(piece => piece.Depth));

        public override (string, int[]) On(int[] sizes)
        {
            var (left, l) = Chain(Left, sizes);
            var (right, r) = Chain(Right, sizes);
            return l.Length == r.Length && l[1..].SequenceEqual(r[1..]) ? ($" | (t => Concat(t{left}, t{right}))", [l[0] + r[0], .. l[1..]]) : (left, l);
        }

        public override IEnumerable<Piece[]> Simpler =>
            [Left, Right, .. Fewer(Left).Select(left => (Piece[])[new Parallel(left, Right)]), .. Fewer(Right).Select(right => (Piece[])[new Parallel(Left, right)])];
    }
}
