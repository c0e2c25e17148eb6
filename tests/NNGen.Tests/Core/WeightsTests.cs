namespace NNGen.Tests.Core;

public class WeightsTests
{
    private static readonly NetworkValues values = new(LinearModel.Layout, [1, 2, 3, 4, 5, 6, -0f, float.PositiveInfinity], [9]);

    [Fact]
    public void Save_ThenLoad_GivesTheSameBits()
    {
        using var scratch = new Scratch();
        var drawn = Initialization.Draw(LinearModel.Layout, 3);
        Weights.Save(drawn, scratch["w.safetensors"]);
        Weights.Save(values, scratch["w.safetensors"]);
        Assert.Equal(values, Weights.Load(LinearModel.Layout, scratch["w.safetensors"]));
        Assert.Equal(["w.safetensors"], scratch.Files);
    }

    [Fact]
    public void Save_Fails_KeepsTheOldFileAndNothingElse()
    {
        using var scratch = new Scratch();
        Weights.Save(values, scratch["w"]);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(scratch["w"], stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException("disk full");
        }));
        Assert.Equal(values, Weights.Load(LinearModel.Layout, scratch["w"]));
        Assert.Equal(["w"], scratch.Files);
    }

    [Fact]
    public void Save_WhereNoFileCanBe_SaysSo()
    {
        using var scratch = new Scratch();
        Assert.Contains("there is no folder", Assert.Throws<DirectoryNotFoundException>(() => Weights.Save(values, scratch["none/w"])).Message);
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => Weights.Save(values, scratch[""])).Message);
        Assert.Throws<FileNotFoundException>(() => Weights.Load(LinearModel.Layout, scratch["absent"]));
    }

    [Fact]
    public void Load_AnotherNetworksFile_NamesEveryDifference()
    {
        var file = new SafeTensors(
        [
            SafeTensor.Of("dense1.weight", [3, 2], new float[6]),
            new("seen", SafeTensorType.F64, [], new byte[8]),
            SafeTensor.Of("dense2.bias", [2], new float[2]),
        ]);
        var error = Assert.Throws<NetworkFileException>(() => Weights.Load(LinearModel.Layout, Stream(file)));
        Assert.Equal(
            [
                "not in the file but wanted by LinearModel: dense1.bias [2]",
                "in the file but not in LinearModel: dense2.bias [2]",
                "dense1.weight has shape [3, 2], expected [2, 3]",
                "seen has type F64, expected F32 (F16 and BF16 are widened exactly)",
            ],
            error.Problems);
    }

    [Fact]
    public void Load_HalfPrecision_IsWidenedExactly()
    {
        var file = new SafeTensors(
        [
            SafeTensor.Of("dense1.weight", [2, 3], new float[6]),
            new("dense1.bias", SafeTensorType.F16, [2], (byte[])[0x00, 0x3E, 0x01, 0x00]), // 1.5 and the least subnormal
            new("seen", SafeTensorType.BF16, [], (byte[])[0xC0, 0xBF]), // -1.5
        ]);
        var loaded = Weights.Load(LinearModel.Layout, Stream(file));
        Assert.Equal([1.5f, 5.9604645e-8f], loaded["dense1.bias"].Span.ToArray());
        Assert.Equal([-1.5f], loaded["seen"].Span.ToArray());
    }

    private static MemoryStream Stream(SafeTensors file)
    {
        var stream = new MemoryStream();
        file.Write(stream);
        stream.Position = 0;
        return stream;
    }
}
