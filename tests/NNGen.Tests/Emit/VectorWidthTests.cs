using NNGen.Tests.Release;

namespace NNGen.Tests.Emit;

/// <summary>A processor with shorter vectors gives the same bits: four steps of Adam, in processes that have AVX-512 and that do not.</summary>
public class VectorWidthTests(ReleaseProgram program)
{
    [Fact]
    public void Weights_TrainedWithoutAvx512_HaveTheBitsOfThoseTrainedWithIt()
    {
        var narrow = ("DOTNET_EnableAVX512", "0");
        var weights = program.Run("train");

        Assert.Equal(6, weights.Length);
        Assert.Equal(["256"], program.Run("width", narrow));
        Assert.Equal(weights, program.Run("train", narrow));
    }
}
