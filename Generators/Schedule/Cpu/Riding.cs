using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>What an expression may read that rides in another nest's loop, where a place and a channel are all that is known: maps at the same place, numbers of the channel, single numbers.</summary>
internal static class Riding
{
    /// <summary>Whether it is a computed map of some sizes, read at the very place that a nest writes.</summary>
    public static bool IsHere(TensorGraph graph, Scalar.Load load, Nest nest) =>
        graph[load.Node].Type is { Type: DType.F32 } type && graph[load.Node].Inputs.Count > 0 && type.Sizes.SequenceEqual(graph[nest.Node].Type.Sizes)
        && load.At.At.SequenceEqual(nest.Axes.Skip(1).Select(axis => (Subscript)axis));

    /// <summary>Whether it is a number of the channel, or a single one.</summary>
    public static bool IsOfChannel(TensorGraph graph, Scalar.Load load, Nest nest) =>
        graph[load.Node].Type.Type == DType.F32 && (load.At.At.Count == 0 || (load.At.At.Count == 1 && load.At[0] == (Subscript)nest.Axes[1]));
}
