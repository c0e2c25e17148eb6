using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>How a nest runs when sixteen samples lie side by side in a lane block.</summary>
public enum LaneForm
{
    /// <summary>A value per sample: the same loops for all samples of a block at once, one lane each.</summary>
    Lanes,

    /// <summary>A sum over the batch: per block a sum of lanes, and the blocks' sums added in their order.</summary>
    LaneSums,

    /// <summary>A sum of outer products over the batch, which runs over samples in rows: lanes along the result's last axis.</summary>
    OuterProduct,

    /// <summary>Nothing per sample: plain loops, once.</summary>
    Shared,
}

/// <summary>A nest with its form, its stage and its tile.</summary>
/// <param name="Nest">The nest.</param>
/// <param name="Form">How it runs.</param>
/// <param name="Stage">How many sums over the whole batch must be complete before it: blocks meet between stages.</param>
/// <param name="Tile">What its inner loop computes at once.</param>
public sealed record LaneNest(Nest Nest, LaneForm Form, int Stage, Tile Tile);

/// <summary>The outputs that one pass of the inner loop computes in registers: some along each of two axes.</summary>
/// <param name="Outer">The axis that only one factor of the products depends on (a convolution's output channels); null for none.</param>
/// <param name="OuterCount">How many of it.</param>
/// <param name="Inner">The axis that only the other factor depends on (its columns); null for none.</param>
/// <param name="InnerCount">How many of it.</param>
public sealed record Tile(Axis? Outer, int OuterCount, Axis? Inner, int InnerCount)
{
    public static readonly Tile Single = new(null, 1, null, 1);
}

/// <summary>A program with the batch in lanes: its nests in stages.</summary>
/// <param name="Program">The loop program.</param>
/// <param name="Nests">In the order of execution within each stage: shared ones first, then those of the blocks, then outer products.</param>
/// <param name="Rows">The values per sample that are wanted row by row as well.</param>
public sealed record LaneSchedule(LoopProgram Program, EquatableArray<LaneNest> Nests, EquatableArray<int> Rows)
{
    /// <summary>Samples in a block, on every processor: layout, memory and bits are then the same everywhere.</summary>
    public const int Lanes = 16;

    public int Stages => Nests.Count == 0 ? 0 : Nests.Max(nest => nest.Stage) + 1;

    public static LaneSchedule Of(LoopProgram program)
    {
        var graph = program.Graph;
        var available = new int[graph.Nodes.Count];
        var nests = new List<LaneNest>();
        var rows = new SortedSet<int>();
        foreach (var nest in program.Nests)
        {
            var form = Form(graph, nest);
            var stage = nest.Loads().Select(load => available[load]).DefaultIfEmpty(0).Max();
            available[nest.Node] = form is LaneForm.LaneSums or LaneForm.OuterProduct ? stage + 1 : stage;
            if (form == LaneForm.OuterProduct)
                rows.UnionWith(nest.Loads());
            nests.Add(new(nest, form, stage, form is LaneForm.Lanes or LaneForm.LaneSums ? Tiling.Of(nest) : Tile.Single));
        }
        return new(program, nests.OrderBy(nest => nest.Stage).ThenBy(nest => nest.Form switch { LaneForm.Shared => 0, LaneForm.OuterProduct => 2, _ => 1 }).ToEquatableArray(),
            rows.ToEquatableArray());
    }

    private static LaneForm Form(TensorGraph graph, Nest nest) =>
        graph[nest.Node].Type.Batched ? LaneForm.Lanes
        : nest.Body is not Scalar.Reduce { Reducer: Reducer.Sum } sum || !sum.Axes[0].IsBatch ? LaneForm.Shared
        : IsOuterProduct(graph, nest, sum) ? LaneForm.OuterProduct
        : LaneForm.LaneSums;

    // Samples alone are summed, each factor is a stored value per sample, and the result's last axis (of a vector's length or more) runs through one of them
    // in steps of one and leaves the other alone.
    private static bool IsOuterProduct(TensorGraph graph, Nest nest, Scalar.Reduce sum)
    {
        if (sum.Axes.Count != 1 || nest.Axes.Count == 0 || nest.Axes[^1].Size < Lanes
            || sum.Body is not Scalar.Apply { Function: Function.Multiply, Arguments: [Scalar.Load x, Scalar.Load z] } || x.At.Sample is null || z.At.Sample is null)
            return false;
        var last = nest.Axes[^1];
        var (along, across) = (Steps(x), Steps(z));
        return (along == 1 && across == 0) || (along == 0 && across == 1);

        long Steps(Scalar.Load load) => DenseLayout.Offset(graph[load.Node].Type, load.At) is var offset && offset.Terms.FirstOrDefault(t => t.Term is Term.Of of && of.Axis == last) is { Term: not null } term
            ? term.Coefficient : offset.Axes.Contains(last) ? -1 : 0;
    }
}
