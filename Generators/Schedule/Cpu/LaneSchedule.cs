using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>How a nest runs: with sixteen samples side by side in a lane block, or sample by sample with channels in lanes.</summary>
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

    /// <summary>A dense layer, of all blocks at once.</summary>
    Dense,

    /// <summary>The gradient of such a layer's weights: its data lie in rows.</summary>
    DenseWeights,

    /// <summary>A convolution of a block by minimal filtering.</summary>
    Winograd,

    /// <summary>The gradient of a convolution's weights by minimal filtering: summed block by block, transformed at the end.</summary>
    WinogradWeights,

    /// <summary>With channels in lanes: a value of each sample, by itself.</summary>
    Sample,

    /// <summary>With channels in lanes: a sum over all samples in their order, of which threads do a slice each.</summary>
    SampleSums,

    /// <summary>With channels in lanes: each sample's share of a sum of few numbers, taken while its values are near; the shares are added in the samples' order.</summary>
    SampleShares,

    /// <summary>Nothing: the value is others' memory. Such a nest has a place in the order only until the schedule is made.</summary>
    View,
}

/// <summary>A nest with its form, its stage and what the form needs to know.</summary>
/// <param name="Nest">The nest.</param>
/// <param name="Form">How it runs.</param>
/// <param name="Stage">How many sums over the whole batch must be complete before it: blocks meet between stages.</param>
/// <param name="Tile">What its inner loop computes at once.</param>
/// <param name="Convolution">The convolution, in the forms of minimal filtering.</param>
/// <param name="Lane">With channels in lanes, the axis of the result that lanes run along; null where it is computed number by number.</param>
/// <param name="Packed">With channels in lanes, the unbatched operands that are packed, by the axis that they are packed along.</param>
/// <param name="Sum">The convolution or dense layer that the nest is an epilogue of: a value that is never stored.</param>
/// <param name="Layer">The dense layer, in the forms of one.</param>
/// <param name="Prologue">What becomes of each of the convolution's data first: a value of the same shape that is never stored.</param>
/// <param name="Maximum">Where the nest finds positions of maxima, the maxima themselves, which it stores as well.</param>
/// <param name="Total">A sum over the nest's own values, of which it takes the block's or the sample's share.</param>
/// <param name="IsTotal">Whether another nest takes this one's share.</param>
public sealed record LaneNest(
    Nest Nest, LaneForm Form, int Stage, Tile Tile, WinogradConvolution? Convolution = null, Axis? Lane = null, IReadOnlyDictionary<int, int>? Packed = null, int? Sum = null, DenseLayer? Layer = null,
    Nest? Prologue = null, Nest? Maximum = null, Nest? Total = null, bool IsTotal = false)
{
    /// <summary>The values that it stores.</summary>
    public IEnumerable<int> Writes => Maximum is null ? [Nest.Node] : [Maximum.Node, Nest.Node];

    /// <summary>What its kernel writes: the values, and a share of their total.</summary>
    public IEnumerable<int> Results => Total is null ? Writes : Writes.Append(Total.Node);

    /// <summary>The stored values that it reads.</summary>
    public IEnumerable<int> Reads => Sum is null && Prologue is null ? Nest.Loads()
        : (Sum is null ? [] : Nest.Loads().Where(load => load != Sum)).Concat(Convolution is { } c ? [c.Data, c.Other] : [Layer!.Data, Layer.Other]).Concat(Prologue?.Loads() ?? []).Distinct();

    /// <summary>Those that it reads row by row.</summary>
    public IEnumerable<int> Rows => Form switch { LaneForm.OuterProduct => Nest.Loads(), LaneForm.DenseWeights => [Layer!.Data], _ => [] };

    /// <summary>Whether it runs lane block by lane block, or sample by sample.</summary>
    public bool IsBlocked => Form is LaneForm.Lanes or LaneForm.LaneSums or LaneForm.Sample or LaneForm.SampleShares || Convolution is { IsOverSamples: false };

    /// <summary>Whether each block has a share of the result, and the result is complete when all are added.</summary>
    public bool IsSummed => Form is LaneForm.LaneSums or LaneForm.SampleShares || Convolution is { IsWeights: true, IsOverSamples: false };

    /// <summary>Which of the result's axes lanes run along.</summary>
    public int LaneIndex => Nest.Axes.Where(axis => !axis.IsBatch).ToList().IndexOf(Lane!);

    /// <summary>Whether the result is written with its lanes innermost and must be turned into its own order.</summary>
    public bool IsTurned => Form is LaneForm.SampleSums or LaneForm.SampleShares && Lane is not null && Nest.Axes.Where(axis => !axis.IsBatch).Skip(LaneIndex + 1).Any(axis => axis.Size > 1);

    /// <summary>Whether it runs over all samples, in slices of the result.</summary>
    public bool IsSliced => Form is LaneForm.Dense or LaneForm.DenseWeights or LaneForm.OuterProduct or LaneForm.SampleSums || Convolution is { IsOverSamples: true };
}

/// <summary>The outputs that one pass of the inner loop computes in registers: some along each of two axes.</summary>
/// <param name="Outer">The axis that only one factor of the products depends on (a convolution's output channels); null for none.</param>
/// <param name="OuterCount">How many of it.</param>
/// <param name="Inner">The axis that only the other factor depends on (its columns); null for none.</param>
/// <param name="InnerCount">How many of it.</param>
public sealed record Tile(Axis? Outer, int OuterCount, Axis? Inner, int InnerCount)
{
    public static readonly Tile Single = new(null, 1, null, 1);
}

/// <summary>A program with its nests in stages, with the batch in lanes or the channels.</summary>
/// <param name="Program">The loop program.</param>
/// <param name="Nests">In the order of execution within each stage: shared ones first, then those of the blocks or samples, then what runs over all samples.</param>
/// <param name="Rows">The values per sample that are wanted row by row as well.</param>
/// <param name="Placements">The values that lie in others' memory.</param>
/// <param name="ByChannel">Whether channels are in lanes, one sample at a time.</param>
public sealed record LaneSchedule(LoopProgram Program, EquatableArray<LaneNest> Nests, EquatableArray<int> Rows, Placements Placements, bool ByChannel = false)
{
    /// <summary>Samples in a block, on every processor: layout, memory and bits are then the same everywhere.</summary>
    public const int Lanes = 16;

    /// <summary>Vectors that so many numbers need.</summary>
    public static int Vectors(int numbers) => (numbers + Lanes - 1) / Lanes;

    /// <summary>The numbers of as many whole vectors.</summary>
    public static int RoundedUp(int numbers) => Vectors(numbers) * Lanes;

    /// <summary>Into how many parts is cut what runs over all samples: more than a team has threads, so that none waits long for the last.</summary>
    public const int Slices = 8;

    public int Stages => Nests.Count == 0 ? 0 : Nests.Max(nest => nest.Stage) + 1;

    /// <summary>Loop nests for this schedule.</summary>
    /// <param name="graph">The program.</param>
    /// <param name="isDirect">Whether minimal filtering is declined.</param>
    public static LoopProgram Fuse(TensorGraph graph, bool isDirect) => Fuse(graph, isDirect, ChannelLanes.Suit(graph));

    /// <summary>The same for lanes that were chosen before.</summary>
    /// <param name="graph">The program.</param>
    /// <param name="isDirect">Whether minimal filtering is declined.</param>
    /// <param name="byChannel">Whether channels are to lie in lanes.</param>
    public static LoopProgram Fuse(TensorGraph graph, bool isDirect, bool byChannel)
    {
        if (byChannel)
            graph = Locality.Of(graph);
        var (joined, stored) = Joins.Of(graph, isDirect, byChannel);
        return Fusion.Fuse(joined, [.. Apart.Of(joined, isDirect, byChannel), .. stored]);
    }

    /// <summary>Whether a map was written in an earlier stage: all other samples or blocks have passed through the core since.</summary>
    public bool IsFar(int id, int stage) => Placements.IsView(id) ? Placements.Sources(id).Any(source => IsFar(source, stage)) : Nests.Any(nest => nest.Writes.Contains(id) && nest.Stage < stage);

    /// <summary>Whether parameters and buffers alone decide a value, so that it is the same in each run on them. An output is not counted: each run's caller wants it elsewhere.</summary>
    public bool IsFixed(int id) => (@fixed ??= Fixed())[id];

    private bool[]? @fixed;

    private bool[] Fixed()
    {
        var (graph, found) = (Program.Graph, new bool[Program.Graph.Nodes.Count]);
        var outputs = new HashSet<int>(graph.Outputs.Select(output => output.Node));
        for (var id = 0; id < found.Length; id++)
            found[id] = graph[id] is var node && !node.Type.Batched && !outputs.Contains(id)
                && (node.Inputs.Count > 0 ? node.Inputs.All(input => found[input]) : node.Op != Leaves.Input.Name && node.Op != Leaves.Target.Name && node.Op != Leaves.BatchCount.Name);
        return found;
    }

    /// <summary>The views that are complete when a nest has run.</summary>
    public IEnumerable<int> Completed(int id) => (completed ??= LastSources())[id];

    private ILookup<int, int>? completed;

    private ILookup<int, int> LastSources()
    {
        var order = Nests.SelectMany((nest, time) => nest.Writes.Select(id => (id, time))).ToDictionary(pair => pair.id, pair => pair.time);
        return Placements.Views.ToLookup(Last);

        int Last(int id) => Placements.IsView(id) ? Placements.Sources(id).Select(Last).OrderBy(source => order[source]).Last() : id;
    }

    /// <summary>Whether a value is data of each sample that nests read where the caller has them, which no vector reaches beyond: one sample at a time, and row by row.</summary>
    public bool IsRaw(int id) => ByChannel && Program.Graph[id] is { Op: "input" or "target", Type: { Batched: true } type } && !ChannelLanes.IsTurned(type)
        && !(beyond ??= [.. Nests.Where(nest => nest.Form is LaneForm.Sample or LaneForm.SampleShares or LaneForm.SampleSums && ChannelLanes.Axes(Program.Graph, nest).Any(lane => ChannelLanes.ReadsBeyond(Program.Graph, nest.Nest.Body, lane))).SelectMany(nest => nest.Reads)]).Contains(id);

    private HashSet<int>? beyond;

    /// <summary>The data per sample that a stage is the first to read, and that are brought into the workspace: into lanes, or with their channels side by side. What else is read stays with the caller.</summary>
    public IEnumerable<int> Brought(int stage) => (brought ??= FirstReads())[stage];

    private ILookup<int, int>? brought;

    private ILookup<int, int> FirstReads() =>
        Nests.SelectMany(nest => nest.Reads.Except(nest.Rows).Select(id => (id, nest.Stage)))
            .Where(read => Program.Graph[read.id] is { Op: "input" or "target", Type.Batched: true } && !IsRaw(read.id))
            .GroupBy(read => read.id, read => read.Stage).ToLookup(reads => reads.Min(), reads => reads.Key);

    /// <param name="program">The nests.</param>
    /// <param name="isDirect">Whether minimal filtering is declined.</param>
    public static LaneSchedule Of(LoopProgram program, bool isDirect = false) => Of(program, isDirect, ChannelLanes.Suit(program.Graph));

    /// <summary>A program's schedule for lanes that were chosen before.</summary>
    /// <param name="program">The nests, fused for these lanes.</param>
    /// <param name="isDirect">Whether minimal filtering is declined.</param>
    /// <param name="byChannel">Whether channels are to lie in lanes.</param>
    public static LaneSchedule Of(LoopProgram program, bool isDirect, bool byChannel) => byChannel ? ByChannels(program, isDirect) : ByBatch(program, isDirect);

    private static LaneSchedule ByChannels(LoopProgram program, bool isDirect)
    {
        var graph = program.Graph;
        var available = new int[graph.Nodes.Count];
        var nests = new List<LaneNest>();
        var placements = Placements.Of(program, byChannel: true);
        foreach (var nest in program.Nests)
        {
            var stage = nest.Loads().Select(load => available[load]).DefaultIfEmpty(0).Max();
            if (placements.IsView(nest.Node))
            {
                available[nest.Node] = stage;
                nests.Add(new(nest, LaneForm.View, stage, Tile.Single));
                continue;
            }
            var (batched, sums) = (graph[nest.Node].Type.Batched, nest.Body is Scalar.Reduce { Reducer: Reducer.Sum } sum && sum.Axes[0].IsBatch);
            available[nest.Node] = sums ? stage + 1 : stage;
            if (!isDirect && WinogradConvolution.OfRows(graph, nest) is { Pays: true } convolution)
            {
                available[nest.Node] = convolution.IsWeights || convolution.IsOverSamples ? stage + 1 : stage;
                nests.Add(new(nest, convolution.IsWeights ? LaneForm.WinogradWeights : LaneForm.Winograd, stage, Tile.Single, convolution));
            }
            else if (!batched && !sums)
                nests.Add(new(nest, LaneForm.Shared, stage, Tile.Single));
            else
            {
                var lanes = ChannelLanes.Of(graph, nest);
                var form = batched ? LaneForm.Sample
                    : graph[nest.Node].Type.Elements <= Math.Max(Slots.FewSums, Maps(nest)) ? LaneForm.SampleShares : LaneForm.SampleSums;
                nests.Add(lanes is var (lane, packed)
                    ? new(nest, form, stage, Tiling.Of(nest, lane), null, lane, packed)
                    : new(nest, form, stage, Tiling.Of(nest)));
            }
        }
        // A map that is computed number by number would only be in the way until then.
        Delay(graph, nests, nest => (nest.Form == LaneForm.Sample && nest.Lane is not null) || placements.IsCopy(nest.Nest));
        return new(program, Computed(placements, Prologues.Merged(graph, nests).OrderBy(nest => nest.Stage).ThenBy(nest => nest.Form == LaneForm.Shared ? 0 : nest.IsSliced ? 2 : 1), program, []), [], placements, ByChannel: true);

        // What a sample's share is taken from: it is worth its place as long as it is not larger.
        int Maps(Nest nest) => nest.Loads().Where(load => graph[load].Type.Batched).Sum(load => graph[load].Type.Elements);
    }

    private static LaneSchedule ByBatch(LoopProgram program, bool isDirect)
    {
        var graph = program.Graph;
        var available = new int[graph.Nodes.Count];
        var nests = new List<LaneNest>();
        var rows = new SortedSet<int>();
        var placements = Placements.Of(program, byChannel: false);
        foreach (var nest in program.Nests)
        {
            var convolution = isDirect ? null : WinogradConvolution.Of(graph, nest) is { Pays: true } found ? found : null;
            var layer = DenseLayer.Of(graph, nest);
            var form = placements.IsView(nest.Node) ? LaneForm.View
                : convolution is not null ? convolution.IsWeights ? LaneForm.WinogradWeights : LaneForm.Winograd
                : layer is not null ? layer.IsWeights ? LaneForm.DenseWeights : LaneForm.Dense
                : Form(graph, nest);
            var stage = nest.Loads().Select(load => available[load]).DefaultIfEmpty(0).Max();
            available[nest.Node] = form is LaneForm.LaneSums or LaneForm.OuterProduct or LaneForm.WinogradWeights or LaneForm.Dense or LaneForm.DenseWeights ? stage + 1 : stage;
            nests.Add(new(nest, form, stage, form is LaneForm.Lanes or LaneForm.LaneSums ? Tiling.Of(nest) : Tile.Single, convolution, Layer: layer));
            rows.UnionWith(nests[^1].Rows);
        }
        Delay(graph, nests, nest => placements.IsCopy(nest.Nest));
        return new(program, Computed(placements, nests.OrderBy(nest => nest.Stage).ThenBy(nest => nest.Form == LaneForm.Shared ? 0 : nest.IsSliced ? 2 : 1), program, rows), rows.ToEquatableArray(), placements);
    }

    // Lets what computes no sum wait for the stage of its first reader: views in any case, and what is said to.
    private static void Delay(TensorGraph graph, List<LaneNest> nests, Func<LaneNest, bool> waits)
    {
        var first = new Dictionary<int, int>();
        var outputs = new HashSet<int>(graph.Outputs.Select(output => output.Node));
        for (var i = nests.Count - 1; i >= 0; i--)
        {
            var nest = nests[i];
            if ((nest.Form == LaneForm.View || waits(nest)) && !outputs.Contains(nest.Nest.Node)
                && first.TryGetValue(nest.Nest.Node, out var stage) && stage > nest.Stage && IsElementwise(nest.Nest.Body))
                nests[i] = nest = nest with { Stage = stage };
            foreach (var load in nest.Reads)
                first[load] = first.TryGetValue(load, out var other) ? Math.Min(other, nest.Stage) : nest.Stage;
        }

        static bool IsElementwise(Scalar body)
        {
            var sums = false;
            body.Visit(part => sums |= part is Scalar.Reduce);
            return !sums;
        }
    }

    // The nests that compute something, those of convolutions with what rides in them.
    private static EquatableArray<LaneNest> Computed(Placements placements, IEnumerable<LaneNest> nests, LoopProgram program, IReadOnlyCollection<int> kept) =>
        Totals.Merged(program.Graph, Maxima.Merged(Epilogues.Merged(program.Graph, placements, [.. nests], kept))).Where(nest => nest.Form != LaneForm.View).ToEquatableArray();

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
