using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Fuse;

/// <summary>
/// One stored value: for each point of the axes (row-major; the batch axis first where there is one) the element is the body. Every element is
/// independent of the others, so any order, lane or thread computes it.
/// </summary>
/// <param name="node">The graph's node whose value this is.</param>
/// <param name="axes">The loops, outermost first: one for each size of the node's type.</param>
/// <param name="body">The element.</param>
/// <param name="fused">The nodes whose computation went into the body, the stored one last: what a formula names.</param>
public sealed class Nest(int node, EquatableArray<Axis> axes, Scalar body, EquatableArray<int> fused)
{
    public int Node { get; } = node;

    public EquatableArray<Axis> Axes { get; } = axes;

    public Scalar Body { get; } = body;

    public EquatableArray<int> Fused { get; } = fused;
}

/// <summary>
/// A program as loop nests in the order of their execution: neutral of any target. Loads name leaves of the graph or values of earlier nests; the
/// graph's outputs are all stored.
/// </summary>
public sealed record LoopProgram(TensorGraph Graph, EquatableArray<Nest> Nests);

/// <summary>Where elements lie: dense and row by row, sample after sample.</summary>
public static class DenseLayout
{
    public static Subscript Offset(TensorType type, Point at)
    {
        var offset = type.Batched ? at.Sample ?? throw new InvalidOperationException("a batched value is read at a sample") : Subscript.Zero;
        for (var axis = 0; axis < type.Rank; axis++)
            offset = offset * type.Sizes[axis] + at[axis];
        return offset;
    }
}
