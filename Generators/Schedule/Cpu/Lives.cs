using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// In which stages a graph's values are written and read, before there is a schedule. What is written and read in one stage stays in a worker's own memory, near the core, from sample to sample; all else
/// goes far away and comes back.
/// </summary>
internal sealed class Lives
{
    private readonly int[] written, read;
    private readonly bool[] far;

    /// <param name="graph">The program.</param>
    /// <param name="stored">Whether a value is stored; what is not is computed where it is read.</param>
    /// <param name="isDirect">Whether minimal filtering is declined.</param>
    /// <param name="byChannel">Whether channels are in lanes.</param>
    public Lives(TensorGraph graph, Func<int, bool> stored, bool isDirect, bool byChannel)
    {
        (written, read, far) = (new int[graph.Nodes.Count], new int[graph.Nodes.Count], new bool[graph.Nodes.Count]);
        var (available, over) = (new int[graph.Nodes.Count], new bool[graph.Nodes.Count]);
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            var node = graph[id];
            over[id] = far[id] = byChannel && !isDirect && Primitives.Row(node.Op).Kind == OpKind.Contraction && WinogradConvolution.OfRows(graph, Fusion.Alone(graph, id)) is { Pays: true, IsOverSamples: true };
            read[id] = written[id] = node.Inputs.Select(input => available[input]).DefaultIfEmpty(0).Max();
            // Samples meet after a sum over them, and around a convolution that runs over all of them.
            available[id] = written[id] + (over[id] || (!node.Type.Batched && node.Inputs.Any(input => graph[input].Type.Batched)) ? 1 : 0);
        }
        for (var id = graph.Nodes.Count - 1; id >= 0; id--)
            foreach (var input in graph[id].Inputs)
            {
                read[input] = Math.Max(read[input], stored(id) ? written[id] : read[id]);
                far[input] |= stored(id) ? over[id] : far[id];
            }
    }

    /// <summary>Whether a value would be near by itself, and no longer with a part that lives in other stages.</summary>
    public bool IsDrivenAway(int join, int part) => IsNear(join) && !(IsNear(part) && written[part] == written[join]);

    private bool IsNear(int id) => written[id] == read[id] && !far[id];
}
