using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NNGen.Generators.Emit.Gpu;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Plan.Gpu;
using NNGen.Generators.Support;
using Index1D = ILGPU.Index1D;

namespace NNGen.Gpu.Tests;

/// <summary>A loop program as kernels: planned, printed, compiled in memory. Leaves are given and outputs returned by name, whole numbers as doubles as well.</summary>
internal sealed class Compiled
{
    private static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly TensorGraph graph;
    private readonly Dictionary<int, Address> leaves = [];
    private readonly ArenaPlan plan;
    private readonly ImmutableArray<GpuNest> nests;
    private readonly Action<Index1D, GpuArena> chosen;

    public Compiled(LoopProgram program)
    {
        graph = program.Graph;
        var extent = Extent.None with { SharedIntegers = 1 };
        foreach (var (node, id) in graph.Nodes.Select((node, id) => (node, id)).Where(n => n.node.Op is "input" or "target" or "parameter" or "buffer" or "constant"))
        {
            var region = Address.RegionOf(node.Type);
            leaves[id] = new Address(region, extent[region]);
            extent = extent.With(region, extent[region] + node.Type.Elements);
        }
        plan = ArenaPlan.Of(program, leaves, extent);
        var writer = new KernelWriter("Kernels", "A program under test.", program, plan, []);
        var source = new SourceWriter();
        source.Line("using System;").Line("using System.Collections.Immutable;").Line("using ILGPU;").Line("using NNGen.Gpu;").Line();
        source.Block("public static class Host", () =>
        {
            writer.Write(source);
            source.Line().Block("public static void Chosen(Index1D index, GpuArena arena)", () => source.Block("switch (arena.SharedIntegers[0])", () =>
            {
                foreach (var (nest, i) in program.Nests.Select((nest, i) => (nest, i)))
                    source.Line($"case {i}: Kernels.{writer.Kernel(nest)}(index, arena); break;");
            }));
        });
        Source = source.ToString();
        var host = Compile(Source).GetType("Host") ?? throw new InvalidOperationException(Source);
        nests = (ImmutableArray<GpuNest>)host.GetNestedType("Kernels", BindingFlags.NonPublic)!.GetProperty("Nests")!.GetValue(null)!;
        chosen = host.GetMethod("Chosen")!.CreateDelegate<Action<Index1D, GpuArena>>();
    }

    /// <summary>The generated text.</summary>
    public string Source { get; }

    /// <summary>All kernels in one, which integer 0 chooses from: a driver takes a fifth of a second for each program, however small.</summary>
    public MethodInfo Kernel => chosen.Method;

    public Dictionary<string, double[]> Run(GpuDevice device, int samples, int capacity, IReadOnlyDictionary<string, double[]> given)
    {
        var size = new GpuArenaSize(plan.Extent.Shared, plan.Extent.Batched, plan.Extent.SharedIntegers, plan.Extent.BatchedIntegers);
        using var memory = new GpuMemory(device, size, capacity);
        foreach (var (id, place) in leaves)
            Write(memory, place, graph[id].Op == "constant" ? [.. graph[id].Attributes.Reals] : given[graph[id].Attributes.Text]);
        for (var i = 0; i < nests.Length; i++)
        {
            memory.WriteShared(0, (ReadOnlySpan<int>)[i]);
            new GpuProgram(device, [nests[i] with { Kernel = chosen }]).Run(memory, samples);
        }
        return graph.Outputs.ToDictionary(output => output.Name, output =>
            Read(memory, plan[output.Node], graph[output.Node].Type.Elements * (graph[output.Node].Type.Batched ? samples : 1)));
    }

    private static void Write(GpuMemory memory, Address place, double[] values)
    {
        float[] reals = [.. values.Select(value => (float)value)];
        int[] integers = [.. values.Select(value => (int)value)];
        switch (place.Region)
        {
            case Region.Shared: memory.WriteShared(place.Offset, reals); break;
            case Region.Batched: memory.WriteBatched(place.Offset, reals); break;
            case Region.SharedIntegers: memory.WriteShared(place.Offset, integers); break;
            default: memory.WriteBatched(place.Offset, integers); break;
        }
    }

    private static double[] Read(GpuMemory memory, Address place, int count)
    {
        var (reals, integers) = (new float[count], new int[count]);
        switch (place.Region)
        {
            case Region.Shared: memory.ReadShared(place.Offset, reals); break;
            case Region.Batched: memory.ReadBatched(place.Offset, reals); break;
            case Region.SharedIntegers: memory.ReadShared(place.Offset, integers); break;
            default: memory.ReadBatched(place.Offset, integers); break;
        }
        return place.Region is Region.Shared or Region.Batched ? [.. reals.Select(value => (double)value)] : [.. integers.Select(value => (double)value)];
    }

    private static Assembly Compile(string source)
    {
        var compilation = CSharpCompilation.Create("Kernels" + Guid.NewGuid().ToString("N"), [CSharpSyntaxTree.ParseText(source)], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, generalDiagnosticOption: ReportDiagnostic.Error));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics) + "\n" + source);
        return Assembly.Load(image.ToArray());
    }
}
