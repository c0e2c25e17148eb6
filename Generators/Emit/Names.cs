using System.Text;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit;

/// <summary>Identifiers for the values of a program: the user's names for data, dotted names in camel case for parameters, and for stored values the label
/// of what went in with the op that came last (`conv1Tanh`).</summary>
public sealed class Names
{
    private readonly Dictionary<int, string> names = [];
    private readonly HashSet<string> taken;
    private readonly HashSet<string> methods = [];
    private readonly HashSet<string> own;

    /// <param name="program">The program.</param>
    /// <param name="reserved">Identifiers that mean something else where the program is printed.</param>
    public Names(LoopProgram program, IEnumerable<string> reserved)
    {
        taken = [.. reserved];
        for (var id = 0; id < program.Graph.Nodes.Count; id++)
            if (program.Graph[id] is { Inputs.Count: 0, Attributes.Text: { Length: > 0 } text })
                names[id] = Unique(Camel(text));
        var outputs = program.Graph.Outputs.GroupBy(output => output.Node).ToDictionary(group => group.Key, group => group.First().Name);
        foreach (var nest in program.Nests)
            names[nest.Node] = Unique(outputs.TryGetValue(nest.Node, out var output) ? Output(output) : Stored(program, nest));
        foreach (var (node, id) in program.Graph.Nodes.Select((node, id) => (node, id)))
            if (!names.ContainsKey(id) && node.Op == "constant")
                names[id] = Unique("constant");
        own = [.. names.Values];
    }

    public string this[int node] => names[node];

    /// <summary>Whether an identifier is the name of a value.</summary>
    public bool Has(string identifier) => own.Contains(identifier);

    /// <summary>`residual4.conv1.weight` as `residual4Conv1Weight`, `d_conv1` as `dConv1`.</summary>
    public static string Camel(string name)
    {
        var text = new StringBuilder();
        var upper = false;
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c))
                upper = text.Length > 0;
            else
            {
                text.Append(upper ? char.ToUpperInvariant(c) : c);
                upper = false;
            }
        }
        if (text.Length == 0 || char.IsDigit(text[0]))
            text.Insert(0, "value");
        text[0] = char.ToLowerInvariant(text[0]);
        return text.ToString();
    }

    public static string Pascal(string name) => Camel(name) is var camel ? char.ToUpperInvariant(camel[0]) + camel.Substring(1) : name;

    /// <summary>An identifier for something that no value of the program is.</summary>
    public string Spare(string name) => Unique(Camel(name));

    private static string Output(string name) =>
        Camel(name.Split(':') is [var kind, var rest] ? kind switch { "gradient" => "d_" + rest, "buffer" => "next_" + rest, _ => rest } : name);

    private static string Stored(LoopProgram program, Nest nest)
    {
        var graph = program.Graph;
        if (graph[nest.Node].Label is { Length: > 0 } own)
            return Camel(own);
        var label = nest.Fused.Reverse().Select(id => graph[id].Label).FirstOrDefault(text => text.Length > 0);
        return label is not null ? Camel(label + "_" + graph[nest.Node].Op)
            : Primitives.Row(graph[nest.Node].Op).Kind == OpKind.Contraction && Layer(graph, nest.Node) is { } layer ? Camel(layer + "_sum") : Camel(graph[nest.Node].Op);
    }

    // A layer's products are stored apart from its bias, which has the layer's name.
    private static string? Layer(TensorGraph graph, int id) =>
        Enumerable.Range(id + 1, graph.Nodes.Count - id - 1).Where(reader => graph[reader].Inputs.Contains(id)).Select(reader => graph[reader].Label).Distinct().ToArray() is [{ Length: > 0 } only] ? only : null;

    private string Unique(string name)
    {
        var unique = name;
        // Methods are named in Pascal case, where `conv2` and `conv_2` are one: neither form may be taken.
        for (var i = 2; taken.Contains(unique) || methods.Contains(Pascal(unique)); i++)
            unique = name + "_" + i;
        taken.Add(unique);
        methods.Add(Pascal(unique));
        return unique;
    }
}
