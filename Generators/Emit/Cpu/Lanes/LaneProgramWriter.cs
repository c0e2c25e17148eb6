using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Plan.Cpu;
using NNGen.Generators.Read;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>
/// Prints a scheduled program as a class that owns the memory of one run: `Run` walks the stages; a method for each phase of a stage calls the kernels on their
/// values. Phases over lane blocks or samples, and over slices of what runs over all samples, can be shared by a team of threads.
/// </summary>
/// <param name="name">The class's name.</param>
/// <param name="summary">What it computes, for its documentation.</param>
/// <param name="spec">The network: where parameters and buffers lie.</param>
/// <param name="schedule">The program.</param>
/// <param name="destinations">Where the outputs go.</param>
/// <param name="kernels">The kernels of the network.</param>
/// <param name="isShared">Whether a team of threads may run it: data then come as memory, not as spans. What is not shared is run on the same parameters and buffers again and again, and keeps what they alone decide.</param>
/// <param name="part">The part of its multiplications that lanes were chosen by.</param>
/// <param name="most">How many samples it is meant for, if not for any number.</param>
internal sealed class LaneProgramWriter(string name, string summary, NetworkSpec spec, LaneSchedule schedule, IReadOnlyList<Destination> destinations, KernelTable kernels, bool isShared, double part, int most = int.MaxValue)
{
    private const int Lanes = LaneSchedule.Lanes;

    private const string Preparation = "Prepare";

    private readonly LoopProgram program = schedule.Program;
    private readonly TensorGraph graph = schedule.Program.Graph;
    private readonly Names names = new(schedule.Program,
        ["count", "block", "blocks", "valid", "part", "worker", "own", "run", "here", "memory", "workers", "team", "phase", "samples", "threads", "parameters", "buffers", "gradient", "nextBuffers", "results",
         "result", "Kernels", name, Preparation, "isPrepared", "Run", "Do", "Capacity", "Threads", "Results", .. Keywords.All]);
    private readonly Dictionary<int, Destination> destinationOf = destinations.Where(d => d.Output is not null)
        .GroupBy(d => schedule.Program.Graph.OutputNode(d.Output!)).ToDictionary(group => group.Key, group => group.First());
    private readonly LanePlan plan = new(schedule, new HashSet<int>(destinations.Where(d => d.Output is not null).Select(d => schedule.Program.Graph.OutputNode(d.Output!))).Contains, keeps: !isShared);

    public Names Names => names;

    /// <summary>Whether a run's memory grows with the number of samples though none depends on another: many samples are then done in portions.</summary>
    public bool IsPortioned => Grows && !schedule.Nests.Any(nest => nest.IsSummed || nest.Form is LaneForm.OuterProduct or LaneForm.DenseWeights or LaneForm.SampleSums or LaneForm.WinogradWeights);

    /// <summary>Whether a run's memory grows with the number of samples.</summary>
    private bool Grows => plan.Size(Region.Block) + plan.Size(Region.Sample) > 0;

    public void Write(SourceWriter writer, IReadOnlyList<RunData> data)
    {
        LanePhase[] phases = [.. isShared ? [] : Prepared(), .. Enumerable.Range(0, schedule.Stages).SelectMany(Phases)];
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Block($"private sealed class {name} : IWorkspace{(isShared ? ", ITeamWork" : "")}", () =>
        {
            Memory(writer);
            if (phases.Any(phase => phase.Name == Preparation))
                writer.Line().Line("// Whether memory holds what parameters and buffers alone decide: they are the same in each run.").Line("private bool isPrepared;");
            Run(writer.Line(), data, phases);
            foreach (var phase in phases)
            {
                var parameters = phase.Leading.Concat(["int count"]).Concat(data.Where(d => phase.Data.Contains(d.Name)).Select(d => d.Span));
                writer.Line().Block($"private void {phase.Name}({string.Join(", ", parameters)})", () => writer.Line(phase.Body.ToString().TrimEnd('\n')));
            }
            foreach (var (node, id) in graph.Nodes.Select((node, id) => (node, id)).Where(n => n.node.Op == "constant"))
                writer.Line().Line($"private static ReadOnlySpan<float> {names[id]} => [{string.Join(", ", node.Attributes.Reals.Select(Dialect.Float.Number))}];");
        });
    }

    private void Memory(SourceWriter writer)
    {
        foreach (var reason in Reasons.Of(schedule, names, spec.Options.Direct, most, part))
            writer.Line($"// {reason}");
        writer.Line().Line(schedule.ByChannel ? "// Floats of memory: once, for each worker, and for each sample." : "// Floats of memory: once, for each worker, for each block of 16 samples, and for each sample.");
        writer.Line($"private const int RunFloats = {plan.Size(Region.Run)}, WorkerFloats = {plan.Size(Region.Worker)}, BlockFloats = {plan.Size(Region.Block)}{(schedule.ByChannel ? "" : $", SampleFloats = {plan.Size(Region.Sample)}")};").Line();
        writer.Line("private readonly int blocks;").Line("private readonly Aligned memory;").Line("private readonly Aligned[] workers;").Line();
        writer.Block($"public {name}(int samples, int threads)", () =>
        {
            writer.Line(schedule.ByChannel ? "blocks = samples;" : "blocks = LaneBlocks.Count(samples);");
            writer.Line($"memory = new(checked(RunFloats + blocks * {(schedule.ByChannel ? "BlockFloats" : $"(BlockFloats + {Lanes} * SampleFloats)")}));");
            writer.Line("workers = new Aligned[threads];");
            writer.Line("for (var i = 0; i < threads; i++)").Line("    workers[i] = new(WorkerFloats);");
        });
        writer.Line().Line($"public int Capacity => {(!Grows ? "int.MaxValue" : schedule.ByChannel ? "blocks" : $"blocks * {Lanes}")};").Line();
        writer.Line("public int Threads => workers.Length;");
        if (!isShared)
            return;
        writer.Line().Line("/// <summary>Loss and metrics of the last run.</summary>").Line($"public float[] Results {{ get; }} = new float[{1 + spec.Metrics.Count}];");
    }

    private void Run(SourceWriter writer, IReadOnlyList<RunData> data, IReadOnlyList<LanePhase> phases)
    {
        var shared = isShared ? phases.Where(phase => phase.Parts is not null).ToArray() : [];
        if (isShared)
        {
            writer.Line("private int count, phase;");
            foreach (var d in data)
                writer.Line($"private {d.Memory};");
            writer.Line();
        }
        string Arguments(LanePhase phase, IEnumerable<string> leading) =>
            string.Join(", ", leading.Concat(["count"]).Concat(data.Where(d => phase.Data.Contains(d.Name)).Select(d => isShared ? d.Name + ".Span" : d.Name)));
        writer.Block($"public void Run(int count, {string.Join(", ", data.Select(d => isShared ? d.Memory : d.Span))}{(isShared ? ", WorkerTeam? team" : "")})", () =>
        {
            if (isShared)
            {
                writer.Line("this.count = count;");
                foreach (var d in data)
                    writer.Line($"this.{d.Name} = {d.Name};");
            }
            foreach (var phase in phases)
                if (phase.Name == Preparation)
                    writer.Line("if (!isPrepared)").Line("{").Line($"    {phase.Name}({Arguments(phase, [])});").Line("    isPrepared = true;").Line("}");
                else if (phase.Parts is null)
                    writer.Line($"{phase.Name}({Arguments(phase, [])});");
                else if (isShared)
                    writer.Line($"phase = {Array.IndexOf(shared, phase)};").Line($"WorkerTeam.Do(team, {phase.Parts}, this);");
                else
                    writer.Line($"for (var part = 0; part < {phase.Parts}; part++)").Line($"    {phase.Name}({Arguments(phase, ["part", "0"])});");
            string Span(string part) => isShared ? data.Aggregate(part, (text, d) => text == d.Name || text.StartsWith(d.Name + ".", StringComparison.Ordinal) ? d.Name + ".Span" + text.Substring(d.Name.Length) : text) : part;
            foreach (var destination in destinations.Where(d => d.Output is null))
                writer.Line($"{Span(destination.Part)}.Clear();");
            foreach (var destination in destinations.Where(d => d.Output is { } output && destinationOf[graph.OutputNode(output)] != d))
                writer.Line($"{Span(destinationOf[graph.OutputNode(destination.Output!)].Part)}.CopyTo({Span(destination.Part)});");
            // A program waits for its next run in a pool: what the caller lent must not wait with it.
            if (isShared)
                foreach (var d in data)
                    writer.Line($"this.{d.Name} = default;");
        });
        if (!isShared)
            return;
        writer.Line().Block("void ITeamWork.Do(int part, int worker)", () => writer.Block("switch (phase)", () =>
        {
            for (var i = 0; i < shared.Length; i++)
                writer.Line($"case {i}:").Line($"    {shared[i].Name}({Arguments(shared[i], ["part", "worker"])});").Line("    break;");
        }));
    }

    // What parameters and buffers alone decide.
    private IEnumerable<LanePhase> Prepared() => Once(Preparation, schedule.Nests, Kernels(schedule.Nests, schedule.IsFixed), schedule.IsFixed);

    // Convolutions by minimal filtering with such kernels.
    private static LaneNest[] Kernels(IEnumerable<LaneNest> nests, Func<int, bool> isWanted) => [.. nests.Where(nest => nest.Form == LaneForm.Winograd && isWanted(nest.Convolution!.Other))];

    // Those whose kernels or gradients are transformed in parts, if that is much work together.
    private LaneNest[] Shared(IEnumerable<LaneNest> nests, Func<WinogradConvolution, int> floats)
    {
        var tiled = nests.Where(nest => nest.Convolution is { IsAlongRows: false }).ToArray();
        return isShared && tiled.Sum(nest => floats(nest.Convolution!)) >= Slots.WorthSharing ? tiled : [];
    }

    private IEnumerable<LanePhase> Once(string own, IReadOnlyList<LaneNest> nests, IReadOnlyList<LaneNest> filtered, Func<int, bool> isWanted)
    {
        var once = nests.Where(nest => nest.Form == LaneForm.Shared && isWanted(nest.Nest.Node)).ToArray();
        var packed = nests.Where(nest => nest.Packed is { Count: > 0 } operands && operands.Keys.Any(isWanted)).ToArray();
        if (once.Length + filtered.Count + packed.Length > 0)
            yield return Phase(own, null, [], phase =>
            {
                foreach (var nest in once)
                    phase.Call(nest, []);
                foreach (var nest in filtered)
                    phase.Transform(nest);
                foreach (var nest in packed)
                    phase.Pack(nest, isWanted);
            });
    }

    private IEnumerable<LanePhase> Phases(int stage)
    {
        var nests = schedule.Nests.Where(nest => nest.Stage == stage).ToArray();
        var blocks = nests.Where(nest => nest is { IsBlocked: true, IsTotal: false }).ToArray();
        var products = nests.Where(nest => nest.IsSliced).ToArray();
        var kernels = Kernels(nests, IsOwn);
        var transformed = Shared(kernels, convolution => convolution.KernelFloats);
        foreach (var once in Once($"Once{stage}", nests, [.. kernels.Except(transformed)], IsOwn))
            yield return once;
        if (transformed.Length > 0)
            yield return Phase($"Transforms{stage}", $"{LaneSchedule.Slices}", ["int part", "int worker"], phase =>
            {
                foreach (var nest in transformed)
                    phase.Transform(nest);
            });
        var brought = schedule.Brought(stage).ToArray();
        if (blocks.Length + brought.Length > 0)
            yield return Phase($"Blocks{stage}", schedule.ByChannel ? "count" : "LaneBlocks.Count(count)", ["int block", "int worker"], phase =>
            {
                foreach (var id in brought)
                    phase.Bring(id);
                foreach (var nest in blocks)
                    if (nest.Convolution is null)
                        phase.Call(nest, nest.Form == LaneForm.LaneSums || nest is { Form: LaneForm.Lanes, Total: not null } ? ["valid"] : []);
                    else
                        phase.Filter(nest);
            });
        if (products.Length > 0)
            yield return Phase($"Products{stage}", $"{LaneSchedule.Slices}", ["int part", "int worker"], phase =>
            {
                foreach (var nest in products)
                    if (nest.Layer is not null)
                        phase.Multiply(nest);
                    else if (nest.Convolution is null)
                        phase.Call(nest, []);
                    else
                        phase.Filter(nest);
            });
        var layers = products.Where(nest => nest.Form == LaneForm.Dense && LanePhase.IsWantedInRows(schedule, destinationOf.ContainsKey, nest.Nest.Node)).ToArray();
        if (layers.Length > 0)
            yield return Phase($"Rows{stage}", "LaneBlocks.Count(count)", ["int block", "int worker"], phase =>
            {
                foreach (var nest in layers)
                    phase.TakeRows(nest);
            });
        var sums = nests.Where(nest => nest.IsSummed || nest.IsTurned || nest is { IsSliced: true, Convolution.IsWeights: true } || (nest is { IsSliced: true, Form: LaneForm.Winograd } && destinationOf.ContainsKey(nest.Nest.Node))).ToArray();
        var gradients = Shared(sums.Where(nest => nest.Form == LaneForm.WinogradWeights), convolution => convolution.GradientFloats);
        if (gradients.Length > 0)
            yield return Phase($"Weights{stage}", $"{LaneSchedule.Slices}", ["int part", "int worker"], phase =>
            {
                foreach (var nest in gradients)
                    phase.Sum(nest);
            });
        if (sums.Length > gradients.Length)
            yield return Phase($"Sums{stage}", null, [], phase =>
            {
                foreach (var nest in sums.Except(gradients))
                    if (nest.Form == LaneForm.Winograd)
                        phase.Output(nest.Nest.Node);
                    else
                        phase.Sum(nest);
            });
    }

    // Whether it is computed in each run, not kept.
    private bool IsOwn(int id) => isShared || !schedule.IsFixed(id);

    private LanePhase Phase(string own, string? parts, IReadOnlyList<string> leading, Action<LanePhase> body)
    {
        var phase = new LanePhase(own, parts, leading, spec, schedule, plan, names, kernels, id => destinationOf.TryGetValue(id, out var destination) ? destination : null);
        body(phase);
        return phase;
    }
}
