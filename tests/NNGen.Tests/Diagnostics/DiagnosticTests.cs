using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NNGen.Generators;
using NNGen.Generators.Diagnostics;
using NNGen.Tests.House;
using NNGen.Tests.Support;

namespace NNGen.Tests.Diagnostics;

/// <summary>Every id at its place: the part of a source between « and » is what the analyzer marks, and it marks nothing else with an error.</summary>
public class DiagnosticTests
{
    private const string Loss = " static Scalar Loss(Tensor y, [Classes(3)] Labels label) => CrossEntropy(y, label);";

    /// <summary>An id, and a source that deserves it.</summary>
    public static readonly TheoryData<string, string> Faults = new()
    {
        { "NNG0002", "[Network] public sealed class «Net» { static Tensor Forward([Shape(4)] Tensor x) => x; }" },
        { "NNG0003", "[Network] public abstract partial class «Net» { static Tensor Forward([Shape(4)] Tensor x) => x; }" },
        { "NNG0003", "[Network] public sealed partial class «Net»<T> { static Tensor Forward([Shape(4)] Tensor x) => x; }" },
        { "NNG0004", "[Network] public sealed partial class «Net» { }" },
        { "NNG0005", Net("static Tensor Forward([Shape(4)] Tensor x) => x; static Tensor «Forward»([Shape(5)] Tensor x, [Shape(5)] Tensor z) => x + z;") },
        { "NNG0006", Net("Tensor «Forward»([Shape(4)] Tensor x) => x;") },
        { "NNG0007", Net("static Tensor Forward(int «n») => null!;") },
        { "NNG0008", Net("static «int» Forward([Shape(4)] Tensor x) => 1;") },
        { "NNG0009", Net("static Tensor Forward(Tensor «x») => x;") },
        { "NNG0010", Net("static Tensor Forward([«Shape(4, 0)»] Tensor x) => x;") },
        { "NNG0011", Net("static Tensor Forward([Shape(3)] Tensor x) => x; static Scalar Loss(Tensor y, Labels «label») => CrossEntropy(y, label);") },
        { "NNG0011", Net("static Tensor Forward([Shape(4)] Tensor x) => x; static Scalar Loss(Tensor y, [Classes(3)] Labels label) => CrossEntropy(«y», label);") },
        { "NNG0012", Net("static Tensor Forward([Shape(4)] Tensor x) { Layer f = Dense(4); Layer g = Dense(4); return x | («f + g»); }") },
        { "NNG0013", Net("static Tensor Forward([Shape(4)] Tensor x, [Shape(4)] Tensor «z») => x;") },
        { "NNG0014", Net("static Tensor Forward([Shape(4)] Tensor x) => x; [Metric] static Scalar «M»(Tensor y) => Mean(y);") },
        { "NNG0015", Net("static Tensor Forward([Shape(4)] Tensor x) => x; public static int «ParameterCount» => 1;") },
        { "NNG0016", Net("static Tensor Forward([Shape(4)] Tensor x) => x | Named(\"a\", Dense(4)) | Named(«\"a\"», Dense(4));") },
        { "NNG0017", Net("static Tensor Forward([Shape(4)] Tensor x) { var f = Dense(3); return x | f | «f»; }") },
        { "NNG0018", Net("static Tensor Forward([Shape(1, 4, 4), Shape(1, 5, 5)] Tensor «x») => x | Flatten | Dense(2);") },
        { "NNG0019", Net("static Tensor Forward([Shape(4)] Tensor x) => x | «Use<string>()»;") },
        { "NNG0101", Net("static Tensor Forward([Shape(4)] Tensor x) { «lock (new object()) { }» return x; }") },
        { "NNG0102", Net("static Tensor Forward([Shape(4)] Tensor x) => x | Dense(«System.Environment.TickCount»);") },
        { "NNG0103", Net("static Tensor Forward([Shape(4)] Tensor x) { while («true») { } }") },
        { "NNG0104", Net("static Tensor Forward([Shape(4)] Tensor x) => Again(x); static Tensor Again(Tensor x) => «Again(x)»;") },
        { "NNG0105", Net("static Tensor Forward([Shape(4)] Tensor x) { var none = new int[1]; return x | Dense(«none[3]»); }") },
        { "NNG0107", Net("static int width = 3; static Tensor Forward([Shape(4)] Tensor x) => x | Dense(«width»);") },
        { "NNG1001", Net("static Tensor Forward([Shape(4)] Tensor x, [Shape(3)] Tensor z) => «x + z»;") },
        { "NNG1002", Net("static Tensor Forward([Shape(4)] Tensor x) => x | «Conv(2, 3)»;") },
        { "NNG1003", Net("static Tensor Forward([Shape(2, 3, 3)] Tensor x) => x | «Dense(4)»;") },
        { "NNG1004", Net("static Tensor Forward([Shape(2, 3, 3)] Tensor x) => x | «Conv(2, 5)»;") },
        { "NNG1005", Net("static Tensor Forward([Shape(3, 8, 8)] Tensor x) => x | «Conv(4, 3, groups: 2)»;") },
        { "NNG1006", Net("static Tensor Forward([Shape(6)] Tensor x) => x | «Reshape(4, 2)»;") },
        { "NNG1007", Net("static Tensor Forward([Shape(6)] Tensor x) => x | «Slice(0, 4, 3)»;") },
        { "NNG1008", Net("static Tensor Forward([Shape(1, 4, 4)] Tensor x, [Shape(1, 5, 5)] Tensor z) => «Concat(x, z)»;") },
        { "NNG1009", Net("static Tensor Forward([Shape(60000)] Tensor x) => x | «Dense(60000)»;") },
        { "NNG1010", Net("static Tensor Forward([Shape(3, 8, 8)] Tensor x) => x | Conv(4, 3, stride: «0»);") },
        { "NNG1011", Net("static Tensor Forward([Shape(4)] Tensor x) => x; static Scalar Loss(Tensor y, [Shape(5)] Tensor t) => «MeanSquaredError(y, t)»;") },
        { "NNG1012", Net("static Tensor Forward([Shape(2, 3)] Tensor x, [Shape(4, 5)] Tensor z) => «MatMul(x, z)»;") },
        { "NNG1014", Net("static Tensor Forward([Shape(4)] Tensor x) => x + «BatchSum(Parameter([4]))»;") },
        { "NNG2001", Net("static Tensor Forward([Shape(4)] Tensor x) { var lost = x | «Dense(3)»; return x | Dense(3); }" + Loss) },
        { "NNG2002", Net("static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3) | «Step» | Dense(3);" + Loss) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_AtItsExpression_IsReportedThereAndAlone(string id, string marked)
    {
        var (source, from, to) = Unmarked(marked);
        var found = await Analyze(source);
        Assert.True(found.Any(d => d.Id == id && d.Location.SourceSpan.Start == from && d.Location.SourceSpan.End == to),
            $"{id} at [{from}, {to}) '{source[from..to]}' expected; found {string.Join("; ", found.Select(d => $"{d.Id} at '{source[d.Location.SourceSpan.Start..d.Location.SourceSpan.End]}': {d.GetMessage()}"))}");
        Assert.All(found.Where(d => d.Severity == DiagnosticSeverity.Error), d => Assert.Equal(id, d.Id));
    }

    [Fact]
    public async Task OldLanguage_IsSaid()
    {
        var old = TestCompiler.Parse(Header + Net("static Tensor Forward([Shape(4)] Tensor x) => x;"), version: LanguageVersion.CSharp13);
        var compilation = TestCompiler.Compile("").RemoveAllSyntaxTrees().AddSyntaxTrees(old);
        Assert.Contains(await Analyze(compilation), d => d.Id == "NNG0001");
    }

    [Fact]
    public async Task TooManyNodes_AreSaid()
    {
        var found = await Analyze(Unmarked(Net("static Tensor Forward([Shape(4)] Tensor x) { for (var i = 0; i < 30000; i++) x = x + (x * i); return x; }")).Source);
        Assert.Contains(found, d => d.Id == "NNG0106");
    }

    [Fact]
    public async Task SeveralFaults_AreReportedAtOnce()
    {
        var found = await Analyze(Unmarked(Net("static Tensor Forward([Shape(3, 8, 8)] Tensor x) { var a = x | Dense(4); var b = x | Conv(4, 11); return x | Slice(0, 2, 5); }")).Source);
        Assert.Equal(["NNG1003", "NNG1004", "NNG1007"], found.Select(d => d.Id).Order());
    }

    [Fact]
    public async Task WrongCSharp_IsLeftToTheCompiler()
    {
        var found = await Analyze(Unmarked(Net("static Tensor Forward([Shape(4)] Tensor x) => x | Dense(unknown) | Conv(;")).Source);
        Assert.Empty(found);
    }

    [Fact]
    public void EveryId_HasASectionAndATest()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "Generators", "README.md"));
        var elsewhere = new[] { "NNG0001", "NNG0106", "NNG1013", "NNG9001" }; // by the tests above; 1013 is not reachable from C#'s types, 9001 is a fault of ours
        Assert.All(Descriptors.All, descriptor => Assert.Contains($"### {descriptor.Id}\n", guide, StringComparison.Ordinal));
        Assert.Equal(Descriptors.All.Select(d => d.Id).Except(elsewhere), Faults.Select(row => row.Data.Item1).Distinct().Order());
    }

    private const string Header = "using NNGen; using static NNGen.Layers; using System.Collections.Generic; ";

    private static string Net(string members) => $"[Network] public sealed partial class Net {{ {members} }}";

    private static (string Source, int From, int To) Unmarked(string marked)
    {
        var text = Header + marked;
        var from = text.IndexOf('«');
        var to = text.IndexOf('»') - 1;
        return (text.Replace("«", "").Replace("»", ""), from, to);
    }

    private static Task<ImmutableArray<Diagnostic>> Analyze(string source) => Analyze(TestCompiler.Compile(source));

    private static Task<ImmutableArray<Diagnostic>> Analyze(CSharpCompilation compilation) =>
        compilation.WithAnalyzers([new NetworkAnalyzer()], options: null).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
}
