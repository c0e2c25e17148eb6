using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>The text of one trained network.</summary>
/// <param name="Input">The data that is its (first) input, without <c>data.</c>.</param>
/// <param name="Statements">The statements of <c>Forward</c>.</param>
/// <param name="Output">Its first output as an expression.</param>
/// <param name="Loss">The loss as an expression of the outputs, inputs and targets.</param>
/// <param name="Births">Its layers, in the order in which they get their parameters.</param>
internal sealed record NetText(string Input, ImmutableArray<string> Statements, string Output, string Loss, ImmutableArray<NetLayer> Births)
{
    /// <summary>Further inputs.</summary>
    public ImmutableArray<string> MoreInputs { get; init; } = [];

    /// <summary>Further outputs, a name and an expression each.</summary>
    public ImmutableArray<(string Name, string Expression)> MoreOutputs { get; init; } = [];

    /// <summary>The elements of each further output.</summary>
    public ImmutableArray<int> MoreSizes { get; init; } = [];

    /// <summary>The data that are targets.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Whether the loss sees the input.</summary>
    public bool LossOfInput { get; init; }

    /// <summary>Other members of the class.</summary>
    public string Members { get; init; } = "";

    /// <summary>The statements that make layers, one variable each.</summary>
    public static ImmutableArray<string> Declarations(IEnumerable<(NetLayer Layer, string Expression)> layers) =>
        [.. layers.Select(l => $"var {l.Layer.Variable} = {l.Expression};")];

    /// <summary>The network, and where it has buffers the probe of its output in training mode.</summary>
    public Candidate Candidate(Case from)
    {
        var y = from.Shape("y0");
        var count = y[0];
        Data Of(string name, string tensor) => new(Identifier(name), [.. from.Shape(tensor).Skip(1)], from.Values(tensor), from.IsLabels(tensor) ? y[1] : 0);
        Data Column(string name) => Of(name, $"data.{name}");
        ImmutableArray<Data> inputs = [Column(Input), .. MoreInputs.Select(Column)];
        ImmutableArray<Data> targets = [.. Targets.Select(Column)];
        ImmutableArray<Slot> parameters =
        [
            .. Births.SelectMany(layer => layer.Parameters).Select(name => new Slot(name, [.. from.Shape($"param0.{name}")], from.Values($"param0.{name}"))),
        ];
        ImmutableArray<Slot> buffers =
        [
            .. Births.Where(layer => layer.Kind == LayerKind.Norm).SelectMany(layer =>
                new[] { Buffer(from, layer, "running_mean", 0), Buffer(from, layer, "running_var", 1) }),
        ];

        IEnumerable<Expectation> expected =
        [
            new(Quantity.Loss, 0, "losses[0]", [from.Losses[0]]),
            .. buffers.IsEmpty ? [new(Quantity.Output, 0, "y0", from.Values("y0"))] : Array.Empty<Expectation>(),
            .. parameters.Select((p, i) => new Expectation(Quantity.ParameterGradient, i, $"grad0.{p.Name}", from.Values($"grad0.{p.Name}"))),
            .. buffers.Select((b, i) => (b, i)).Where(b => from.Has($"buffer_after_step0.{b.b.Name}"))
                .Select(b => new Expectation(Quantity.Buffer, b.i, $"buffer_after_step0.{b.b.Name}", from.Values($"buffer_after_step0.{b.b.Name}"))),
        ];
        var name = ClassName(from.Name);
        (string, string)[] outputs = [("y", Output), .. MoreOutputs];
        string[] others = [.. LossOfInput ? [$"Tensor {Identifier(Input)}"] : Array.Empty<string>(), .. targets.Select(Declare)];
        var source = Network(name, inputs, outputs, others, Loss, Statements, Members);
        var main = new WrittenNetwork(name, source, count, inputs, targets, parameters, buffers, [from.Values("y0").Length, .. MoreSizes], [.. expected]);
        if (buffers.IsEmpty)
            return new(main, null);

        var probe = new Data("probe", [.. y.Skip(1)], [.. Enumerable.Repeat(1.0, from.Values("y0").Length)]);
        var probed = Network(name + "Probe", [.. inputs, probe], [("product", $"({Output}) * probe")], [], "BatchSum(Sum(product))", Statements, Members);
        return new(main, new(name + "Probe", probed, count, [.. inputs, probe], [], parameters, buffers, [from.Values("y0").Length],
            [new(Quantity.InputGradient, inputs.Length, "y0", from.Values("y0"))]));
    }

    private static Slot Buffer(Case from, NetLayer layer, string kind, double otherwise)
    {
        var name = $"{layer.Name}.{kind}";
        return new(name, [layer.Weight[0]], from.Has($"buffer0.{name}") ? from.Values($"buffer0.{name}") : [.. Enumerable.Repeat(otherwise, layer.Weight[0])]);
    }
}
