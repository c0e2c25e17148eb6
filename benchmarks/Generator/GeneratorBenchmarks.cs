using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using NNGen.Generators;
using NNGen.Generators.Read;

namespace NNGen.Benchmarks.Generator;

/// <summary>The compiler under BenchmarkDotNet: Read, everything behind it, and the whole generator in a fresh driver.</summary>
[MemoryDiagnoser]
public class GeneratorBenchmarks
{
    private Project project = null!;
    private NetworkSpec spec = null!;

    [ParamsSource(nameof(Models))]
    public Model Network { get; set; } = Model.All[0];

    public static IEnumerable<Model> Models => Model.All;

    [GlobalSetup]
    public void Setup() => (project, spec) = (new Project(Network), Project.Checked(Network));

    /// <summary>From a compilation in which nothing is bound yet to the spec (parsing included: it is small beside the rest).</summary>
    [Benchmark]
    public int Read() => Project.Read(project.Afresh(), Network).Parameters.Count;

    /// <summary>From the spec to source text.</summary>
    [Benchmark]
    public int Compile() => Compiler.Compile(spec).Length;

    /// <summary>The whole generator as in a build: a new driver on a new compilation.</summary>
    [Benchmark]
    public GeneratorDriver Generate() => Project.Driver().RunGenerators(project.Afresh());
}
