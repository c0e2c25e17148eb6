using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;

namespace NNGen.Generators.Plan.Cpu;

/// <summary>Pieces of a workspace's memory, by what they exist once for.</summary>
internal enum Region
{
    /// <summary>Once: values that belong to no sample.</summary>
    Run,

    /// <summary>Once for each worker: what a lane block needs within one stage. It stays in the worker's cache from block to block.</summary>
    Worker,

    /// <summary>Once for each lane block, or each sample where channels are in lanes: what outlives its stage, and the block's share of sums over the batch.</summary>
    Block,

    /// <summary>Once for each sample: values row by row, for sums of outer products.</summary>
    Sample,
}

/// <summary>Where a value lies: floats from the start of its region; in the region of samples, floats per sample before it.</summary>
internal readonly record struct Home(Region Region, int Offset);

/// <summary>The memory of a scheduled program: a place for each value that a run keeps. Values that do not live at the same time share places.</summary>
internal sealed class LanePlan
{
    private const int Lanes = LaneSchedule.Lanes;

    private readonly Dictionary<int, Home> values = [], partials = [], rows = [], scratch = [], kernels = [], turned = [];
    private readonly Dictionary<(int Id, int Last), Home> packed = [];
    private readonly Dictionary<Region, int> sizes = [];

    /// <param name="schedule">The program.</param>
    /// <param name="external">Whether a value that belongs to no sample is written where the caller wants it.</param>
    /// <param name="keeps">Whether what parameters and buffers alone decide is kept from run to run.</param>
    public LanePlan(LaneSchedule schedule, Func<int, bool> external, bool keeps = false)
    {
        var (graph, nests) = (schedule.Program.Graph, schedule.Nests);
        var stages = nests.Select((nest, time) => (nest, time)).ToLookup(pair => pair.nest.Stage);
        var (first, last) = (stages.ToDictionary(stage => stage.Key, stage => stage.First().time), stages.ToDictionary(stage => stage.Key, stage => stage.Last().time));
        var firstSliced = stages.ToDictionary(stage => stage.Key, stage => stage.Select(pair => pair.nest.IsSliced ? pair.time : int.MaxValue).Min());
        var placements = schedule.Placements;
        // What lies in one memory lives from the first writing to the last reading of any of it.
        var read = nests.SelectMany((nest, time) => nest.Reads.Except(nest.Rows).Select(load => (Root: placements.Root(load), time))).ToLookup(pair => pair.Root, pair => pair.time);
        var written = nests.SelectMany((nest, time) => nest.Writes.Select(id => (Root: placements.Root(id), time))).ToLookup(pair => pair.Root, pair => pair.time);

        var (worker, block, run, sample) = (new Intervals(), new Intervals(), new Intervals(), 0);
        foreach (var nest in nests.Where(_ => keeps))
            Keep(nest);
        for (var time = 0; time < nests.Count; time++)
        {
            if (time == first[nests[time].Stage])
                foreach (var leaf in schedule.Brought(nests[time].Stage))
                    Batched(leaf, time, isLeaf: true);
            var id = nests[time].Nest.Node;
            foreach (var own in nests[time].Writes.Where(own => graph[own].Type.Batched))
            {
                if (!values.ContainsKey(placements.Root(own)))
                    Batched(placements.Root(own), time, isLeaf: false);
                values[own] = Within(own);
            }
            if (!graph[id].Type.Batched && !external(id) && !values.ContainsKey(id))
                values[id] = Once(time, graph[id].Type.Elements);
            if (nests[time].IsSummed)
                partials[id] = new(Region.Block, block.Place(Rounded(nests[time].Convolution?.GradientFloats ?? graph[id].Type.Elements), time, last[nests[time].Stage]));
            if (nests[time].Convolution is { } convolution)
            {
                scratch[id] = new(Region.Worker, worker.Place(Rounded(convolution.Scratch), time, time));
                if (!convolution.IsWeights)
                    kernels[id] = kernels.TryGetValue(id, out var kept) ? kept : OfStage(nests[time].Stage, convolution.KernelFloats);
                else if (convolution.IsOverSamples)
                    turned[id] = OfStage(nests[time].Stage, convolution.GradientFloats);
            }
            if (nests[time].Layer is { Scratch: > 0 } layer)
                scratch[id] = new(Region.Worker, worker.Place(layer.Scratch, time, time));
            if (nests[time].IsTurned)
                turned[id] = OfStage(nests[time].Stage, graph[id].Type.Elements);
            foreach (var pair in nests[time].Packed ?? new Dictionary<int, int>())
                if (!packed.ContainsKey((pair.Key, pair.Value)))
                    packed[(pair.Key, pair.Value)] = Once(time, graph[pair.Key].Type.Elements);
            foreach (var wanted in nests[time].Writes.SelectMany(own => schedule.Completed(own).Append(own)).Where(schedule.Rows.Contains))
            {
                rows[wanted] = new(Region.Sample, sample);
                sample += graph[wanted].Type.Elements;
            }
        }
        foreach (var view in placements.Views)
            values[view] = Within(view);
        (sizes[Region.Run], sizes[Region.Worker], sizes[Region.Block], sizes[Region.Sample]) = (run.Size, worker.Size, block.Size, sample);
        // A row shorter than a vector is stored with what lies behind it, which must not be another sample's.
        if (nests.Any(nest => nest is { Form: LaneForm.Sample, Lane.Size: < Lanes }))
            sizes[Region.Block] += sizes[Region.Block] > 0 ? Lanes : 0;

        Home Once(int birth, int size) => new(Region.Run, run.Place(Rounded(size), birth, int.MaxValue));

        void Keep(LaneNest nest)
        {
            var id = nest.Nest.Node;
            if (schedule.IsFixed(id))
                values[id] = Once(int.MinValue, graph[id].Type.Elements);
            if (nest.Form == LaneForm.Winograd && schedule.IsFixed(nest.Convolution!.Other))
                kernels[id] = Once(int.MinValue, nest.Convolution.KernelFloats);
            foreach (var pair in nest.Packed ?? new Dictionary<int, int>())
                if (schedule.IsFixed(pair.Key) && !packed.ContainsKey((pair.Key, pair.Value)))
                    packed[(pair.Key, pair.Value)] = Once(int.MinValue, graph[pair.Key].Type.Elements);
        }

        // The next stage's kernels take the place of this one's, which is in the cache.
        Home OfStage(int stage, int size) => new(Region.Run, run.Place(Rounded(size), first[stage], last[stage]));

        Home Within(int id)
        {
            var root = values[placements.Root(id)];
            return root with { Offset = root.Offset + (placements.Offset(id) * (schedule.ByChannel ? 1 : Lanes)) };
        }

        void Batched(int id, int birth, bool isLeaf)
        {
            int[] uses = [.. read[id].Concat(written[id]).Where(time => time >= birth)];
            // Nests that run over all samples take turns, slice by slice: all of a stage live at once.
            var isSliced = written[id].Any(time => nests[time].IsSliced);
            if (!isLeaf && nests[birth].IsSliced)
                birth = firstSliced[nests[birth].Stage];
            var death = uses.Append(birth).Max();
            if (isSliced || nests[death].IsSliced)
                death = last[nests[death].Stage];
            var stays = nests[death].Stage == nests[birth].Stage && !isSliced && !uses.Any(time => nests[time].IsSliced);
            var size = schedule.ByChannel ? Rounded(graph[id].Type.Elements) : graph[id].Type.Elements * Lanes;
            values[id] = stays ? new(Region.Worker, worker.Place(size, birth, death)) : new(Region.Block, block.Place(size, birth, death));
        }
    }

    /// <summary>A value that the run keeps: of a lane block, or of the whole run.</summary>
    public Home this[int id] => values[id];

    /// <summary>The block's share of a sum over the batch.</summary>
    public Home Partial(int id) => partials[id];

    /// <summary>A value per sample, row by row.</summary>
    public Home Rows(int id) => rows[id];

    /// <summary>What a convolution by minimal filtering works in, or a dense layer.</summary>
    public Home Scratch(int id) => scratch[id];

    /// <summary>A result before it is brought into its own order: lanes innermost, or the points of a gradient by minimal filtering.</summary>
    public Home Turned(int id) => turned[id];

    /// <summary>An unbatched value packed along one of its axes.</summary>
    public Home Packed(int id, int along) => packed[(id, along)];

    /// <summary>The transformed kernels of such a convolution.</summary>
    public Home Kernels(int id) => kernels[id];

    /// <summary>Floats of a region: altogether, or per worker, block or sample.</summary>
    public int Size(Region region) => sizes[region];

    // Whole vectors, so that a value's first element is as well aligned as the region's.
    private static int Rounded(int elements) => LaneSchedule.RoundedUp(elements);
}
