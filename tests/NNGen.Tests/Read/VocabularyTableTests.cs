using Microsoft.CodeAnalysis;
using NNGen.Generators.Read;
using NNGen.Tests.Support;

namespace NNGen.Tests.Read;

public class VocabularyTableTests
{
    static readonly string[] Types = ["Layers", "Tensor", "Scalar", "Mask", "Labels", "LayerOperators", "Initializer"];

    [Fact]
    public void Table_AgainstCore_NamesEachPublicMemberOnce()
    {
        var core = TestCompiler.Compile().References.Select(TestCompiler.Compile().GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().Single(a => a.Name == "NNGen");
        var members = Types.Select(type => core.GetTypeByMetadataName("NNGen." + type)!)
            .SelectMany(type => type.GetMembers().Concat(type.GetTypeMembers().Where(t => t.IsExtension).SelectMany(block => block.GetMembers())))
            .Where(IsVocabulary).Select(Vocabulary.Key);

        Assert.Equal(members.Order(StringComparer.Ordinal), Vocabulary.Rows.Keys.Order(StringComparer.Ordinal));
    }

    // Initializer's cases and its record's members are not written in networks; LayerOperators also holds the operator's implementation.
    static bool IsVocabulary(ISymbol member) =>
        member.DeclaredAccessibility == Accessibility.Public && !member.IsImplicitlyDeclared && member.CanBeReferencedByName | member is IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator }
        && member is IPropertySymbol { IsIndexer: false } or IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.UserDefinedOperator }
        && !(member.ContainingType.Name == "Initializer" && (!member.IsStatic || member is IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator }))
        && !(member.ContainingType.Name == "LayerOperators" && !member.ContainingType.IsExtension);

    [Theory]
    [InlineData("[Shape(3, 8, 8)]", "x | Conv(4, 3)", "4, 6, 6", 3 * 4 * 9 + 4)]
    [InlineData("[Shape(3, 8, 8)]", "x | Conv(4, 3, 2, 1, bias: false)", "4, 4, 4", 3 * 4 * 9)]
    [InlineData("[Shape(4, 8, 8)]", "x | Conv(8, 3, dilation: 2, groups: 2)", "8, 4, 4", 2 * 8 * 9 + 8)]
    [InlineData("[Shape(2, 8, 8)]", "x | Conv(3, (3, 1), (1, 1), (1, 0), (1, 1))", "3, 8, 8", 3 * 2 * 3 + 3)]
    [InlineData("[Shape(4, 8, 8)]", "x | ConvTranspose(6, 4, stride: 2, padding: 1)", "6, 16, 16", 4 * 6 * 16 + 6)]
    [InlineData("[Shape(4, 4, 4)]", "x | ConvTranspose(6, 3, 2, 1, outputPadding: 1, groups: 2)", "6, 8, 8", 4 * 3 * 9 + 6)]
    [InlineData("[Shape(7, 5)]", "x | Dense(3)", "7, 3", 18)]
    [InlineData("[Shape(5)]", "x | Dense(3, bias: false)", "3", 15)]
    [InlineData("[Shape(3, 8, 8)]", "x | BatchNorm(0.2f, 1e-3f)", "3, 8, 8", 6)]
    [InlineData("[Shape(5)]", "x | PRelu()", "5", 1)]
    [InlineData("[Shape(5)]", "x * Parameter([5], Initializer.One) + Parameter([])", "5", 6)]
    [InlineData("[Shape(5)]", "x | Relu | Tanh | Sigmoid | Softplus | Exp | Log | Sqrt | Abs | Square | Sin | Cos | Elu | Selu | Silu | Gelu | HardSigmoid | HardSwish | Step", "5", 0)]
    [InlineData("[Shape(5)]", "x | LeakyRelu() | Clamp(-1, 1) | Power(3) | Softmax | LogSoftmax | Softmax(0) | LogSoftmax(-1)", "5", 0)]
    [InlineData("[Shape(3, 8, 8)]", "x | MaxPool(2) | AveragePool(2, 1, 1)", "3, 5, 5", 0)]
    [InlineData("[Shape(3, 8, 8)]", "x | MaxPool(3, padding: 1) | GlobalAveragePool | Flatten", "3", 0)]
    [InlineData("[Shape(3, 8, 8)]", "x | Reshape(-1, 8) | Transpose(1, 0) | Slice(0, 1, 3, 2) | Flip(1)", "3, 24", 0)]
    [InlineData("[Shape(4, 8, 8)]", "x | Pad(1, 2, 3, 4, PadMode.Reflect) | Pad(1, 0, 0, 0) | Pad(0, 0, 0, 1, PadMode.Replicate)", "4, 12, 16", 0)]
    [InlineData("[Shape(4, 2, 2)]", "x | Upsample(3) | PixelShuffle(2)", "1, 12, 12", 0)]
    [InlineData("[Shape(4)]", "Concat(x, x, x | Dense(2))", "10", 10)]
    [InlineData("[Shape(4, 3)]", "ConcatAlong(-1, x, x)", "4, 6", 0)]
    [InlineData("[Shape(4, 3)]", "MatMul(x, Parameter([3, 5]))", "4, 5", 15)]
    [InlineData("[Shape(4, 3)]", "MatMul(x | Reshape(12) | Slice(0, 0, 4), x) + MatMul(Constant([1f, 2f, 3f, 4f], 4), x)", "3", 0)]
    [InlineData("[Shape(5)]", "Max(Min(Pow(x, x), 2f), Pow(x, 2f)) | StopGradient", "5", 0)]
    [InlineData("[Shape(5)]", "Where(x > 0f & !(x >= x) | x < 1f & x <= 2f, x, 0f) + Where(0f < x, 1f, x) + Where(x < x, 1f, 2f)", "5", 0)]
    [InlineData("[Shape(3, 8, 8)]", "Sum(x, 1, 2) + Mean(x, 1, -1) + Max(x, 1, 2) + Min(x, 2, 1) + Variance(x, true, 1, 2)", "3", 0)]
    [InlineData("[Shape(5)]", "1f - x / 2f + 0.5f * -x + (x - 1f) / (2f / x) + BatchMean(x) - BatchSum(x) / BatchCount()", "5", 0)]
    [InlineData("[Shape(5)]", "Sum(x) + Mean(x) * 2f - Max(x) / Min(x)", "", 0)]
    [InlineData("[Shape(5)]", "x | (Dense(4) >> Relu >> (t => t + 1f)) | Named(\"last\", Dense(2))", "2", 34)]
    [InlineData("[Shape(5)]", "Relu(x) | new Layer(Tanh) | Relu.Invoke", "5", 0)]
    [InlineData("[Shape(5)]", "new[] { Relu, Tanh, Dense(3) }.Aggregate(x, (t, f) => f(t))", "3", 18)]
    [InlineData("[Shape(5)]", "Enumerable.Range(0, 3).Select(i => Dense(8 << i) >> Relu).Aggregate((f, g) => f >> g)(x)", "32", 48 + 16 * 9 + 32 * 17)]
    public void Expression_Read_HasSizesAndParameters(string shape, string expression, string sizes, int parameters)
    {
        var spec = TestCompiler.Spec(TestCompiler.Forward($"return {expression};", $"{shape} Tensor x"));

        Assert.Equal(sizes, string.Join(", ", spec.Specialisations[0].Outputs[0].Sizes));
        Assert.Equal(parameters, ModelTests.Count(spec));
    }

    [Theory]
    [InlineData("CrossEntropy(y, label)")]
    [InlineData("CrossEntropy(y, label, Reduction.Sum)")]
    [InlineData("NegativeLogLikelihood(y | LogSoftmax, label)")]
    [InlineData("MeanSquaredError(y, OneHot(label)) + MeanAbsoluteError(y, OneHot(label))")]
    [InlineData("SmoothL1(y, OneHot(label), 0.5f) * 2f")]
    [InlineData("BinaryCrossEntropy(y, OneHot(label)) - 0.1f * BinaryCrossEntropyOfProbabilities(y | Sigmoid, OneHot(label))")]
    [InlineData("FractionCorrect(y, label)")]
    [InlineData("-(1f / BatchMean(Sum(y)) - BatchSum(Mean(y)) + Mean(y) / Sum(y)) * CrossEntropy(y, label)")]
    public void Loss_Read_IsOneNumberOfTheBatch(string loss)
    {
        var spec = TestCompiler.Spec($$"""
            [Network] partial class Net
            {
                static Tensor Forward([Shape(5)] Tensor x) => x | Dense(3);
                static Scalar Loss(Tensor y, [Classes(3)] Labels label) => {{loss}};
            }
            """);

        var graph = spec.Specialisations[0].Graph;
        Assert.Equal((0, false), (graph[graph.OutputNode("loss")].Type.Rank, graph[graph.OutputNode("loss")].Type.Batched));
    }

    [Fact]
    public void Initialisers_Read_AreAsDocumented()
    {
        var spec = TestCompiler.Spec(TestCompiler.Forward("""
            var a = Parameter([5], Initializer.Uniform(0.1f));
            var b = Parameter([4, 5], Initializer.Normal(0.2f));
            var c = Parameter([2, 3, 5], Initializer.Kaiming, name: "custom");
            return (x | BatchNorm() | PRelu(0.3f)) * a + Sum(b) + Sum(c) | Dense(2);
            """, "[Shape(5)] Tensor x"));

        Assert.Equal(
            [
                new("a", [5], new("Uniform", 0.1), 5, 5, false), new("b", [4, 5], new("Normal", 0.2), 5, 4, false), new("custom", [2, 3, 5], new("Kaiming", 0), 15, 10, false),
                new("batchNorm1.weight", [5], new("Constant", 1), 5, 5, false), new("batchNorm1.bias", [5], new("Constant", 0), 5, 5, false),
                new("pRelu1.weight", [1], new("Constant", 0.3), 1, 1, false),
                new("dense1.weight", [2, 5], new("FanIn", 0), 5, 2, false), new("dense1.bias", [2], new("FanIn", 0), 5, 2, false),
            ],
            spec.Parameters);
        Assert.Equal([new("batchNorm1.running_mean", [5], 0), new("batchNorm1.running_var", [5], 1)], spec.Buffers);
    }
}
