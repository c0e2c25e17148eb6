using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>Normalisations and layers with a number per channel.</summary>
internal static class NormFamilies
{
    public static readonly Family[] Table =
    [
        new("batchnorm", ["momentum", "eps", "training"], BatchNorm), new("batch_norm", ["momentum", "eps", "training"], BatchNorm),
        Family.Of("instancenorm", ["eps"], from => Normalised(from, shape => [.. Enumerable.Range(1, shape.Length - 1)], perChannel: true)),
        Family.Of("layernorm", ["eps", "normalized_shape"], LayerNorm), Family.Of("layer_norm", ["eps", "normalized_shape"], LayerNorm),
        Family.Of("prelu", [], PRelu),
    ];

    private static Writing BatchNorm(Case from)
    {
        string[] buffers = ["running_mean", "running_var"];
        var x = Op.Input(from);
        var (momentum, epsilon) = (from.Attributes.Number(0.1, "momentum"), from.Attributes.Number(1e-5, "eps"));
        var layer = new Op($"{x} | BatchNorm(momentum: {Literal(momentum)}, epsilon: {Literal(epsilon)})", [x], "weight", "bias")
        {
            Buffers = [.. buffers.Select(name => (from.Has(name + "_before") ? name + "_before" : name, from.Has(name + "_after") ? name + "_after" : null))],
        };
        if (from.Attributes.Flag("training", !from.Name.Contains("eval")))
            return new Writing.Operation([OpWriter.Write(from, layer with { InTraining = true })]);

        // Gradients are those of training mode, so inference is looked at twice: the layer's output, and the affine function that the layer then is.
        var statistics = layer.Buffers.Select(b => from.Values(b.Before)).ToArray();
        var (channels, ones) = (from.Shape("weight")[0], string.Concat(Enumerable.Repeat(", 1", from.Shape(x).Length - 2)));
        string PerChannel(string vector) => ones == "" ? vector : $"({vector} | Reshape({channels}{ones}))";
        var affine = new Op($"({x} - {PerChannel("mean")}) / {PerChannel("deviation")} * {PerChannel("weight")} + {PerChannel("bias")}", [x], "weight", "bias")
        {
            Statements =
            [
                $"var weight = Parameter([{channels}]);",
                $"var bias = Parameter([{channels}]);",
                $"var mean = Constant({Numbers(statistics[0])});",
                $"var deviation = Sqrt(Constant({Numbers(statistics[1])}) + {Literal(epsilon)});",
            ],
        };
        return new Writing.Operation([OpWriter.Write(from, layer with { OutputOnly = true }), OpWriter.Write(from, affine, "Affine")]);
    }

    private static Op LayerNorm(Case from)
    {
        var rank = from.Shape(Op.Input(from)).Length - 1;
        var normalised = from.Has("weight") ? from.Shape("weight").Length : from.Attributes.Integers("normalized_shape")?.Length ?? rank;
        return Normalised(from, shape => [.. Enumerable.Range(rank - normalised, normalised)], perChannel: false);
    }

    /// <summary>(x - mean) / sqrt(variance + epsilon) weight + bias over some axes of a sample.</summary>
    private static Op Normalised(Case from, Func<int[], int[]> axesOf, bool perChannel)
    {
        var x = Op.Input(from);
        int[] shape = [.. from.Shape(x).Skip(1)];
        var axes = axesOf(shape);
        var kept = Sizes(shape.Select((size, axis) => axes.Contains(axis) ? 1 : size));
        var affine = from.Has("weight");
        var sizes = affine ? from.Shape("weight") : [];
        string Scaled(string name) => perChannel ? $"({name} | Reshape({kept}))" : name;
        var scaled = affine ? $" * {Scaled("weight")} + {Scaled("bias")}" : "";
        return new($"({x} - mean) / Sqrt(variance + {Literal(from.Attributes.Number(1e-5, "eps"))}){scaled}", [x], [.. affine ? ["weight", "bias"] : Array.Empty<string>()])
        {
            Statements =
            [
                .. affine ? [$"var weight = Parameter([{Sizes(sizes)}]);", $"var bias = Parameter([{Sizes(sizes)}]);"] : Array.Empty<string>(),
                $"var mean = Mean({x}, {Sizes(axes)}) | Reshape({kept});",
                $"var variance = Variance({x}, false, {Sizes(axes)}) | Reshape({kept});",
            ],
        };
    }

    private static Op PRelu(Case from)
    {
        var (x, slopes) = (Op.Input(from), from.Shape("weight"));
        if (slopes is [1])
            return new($"{x} | PRelu()", [x], "weight");
        var ones = string.Concat(Enumerable.Repeat(", 1", from.Shape(x).Length - 2));
        return new($"Where({x} >= 0, {x}, slope * {x})", [x], "weight")
        {
            Statements = [$"var slope = Parameter([{slopes[0]}]){(ones == "" ? "" : $" | Reshape({slopes[0]}{ones})")};"],
        };
    }
}
