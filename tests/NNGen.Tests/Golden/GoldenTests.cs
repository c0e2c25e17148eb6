using NNGen.Tests.Core;
using NNGen.Tests.Support;

namespace NNGen.Tests.Golden;

/// <summary>A few small programs as they are printed.</summary>
public class GoldenTests
{
    [Theory]
    [InlineData("dense", "[Shape(3)]", "x | Dense(2) | Tanh", "class InferenceProgram")]
    [InlineData("convolution-in-lanes", "[Shape(1, 4, 4)]", "x | Conv(2, 3, padding: 1)", "internal static void Y(")]
    [InlineData("batch-norm", "[Shape(2, 3, 3)]", "x | BatchNorm()", "class InferenceProgram")]
    [InlineData("max-pool-adjoint", "[Shape(1, 4, 4)]", "x | MaxPool(2)", "void DX(")]
    public void Generated_OfASmallNetwork_IsTheKeptText(string name, string shape, string body, string header)
    {
        var source = TestCompiler.Forward($"return {body};", $"{shape} Tensor x", "static Scalar Loss(Tensor y) => Mean(Square(y));").Replace("[Network]", "[Network(Programs = Programs.Double)]");

        GoldenFile.Check(name, GoldenFile.Excerpt(InMemory.Generated(source), header));
        GoldenFile.Check(name, GoldenFile.Excerpt(Cultures.German(() => InMemory.Generated(source)), header));
    }
}
