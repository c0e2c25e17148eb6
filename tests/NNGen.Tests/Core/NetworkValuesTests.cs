namespace NNGen.Tests.Core;

public class NetworkValuesTests
{
    [Fact]
    public void Constructor_WrongLength_NamesBoth()
    {
        var error = Assert.Throws<ArgumentException>(() => new NetworkValues(LinearModel.Layout, new float[7], new float[1]));
        Assert.Contains("LinearModel has 8 numbers in its parameters, got 7", error.Message);
        Assert.Throws<ArgumentException>(() => new NetworkValues(LinearModel.Layout, new float[8], new float[2]));
    }

    [Fact]
    public void Index_ByName_IsAViewOfThatTensor()
    {
        var values = new NetworkValues(LinearModel.Layout, [1, 2, 3, 4, 5, 6, 7, 8], [9]);
        Assert.Equal([1, 2, 3, 4, 5, 6], values["dense1.weight"].Span.ToArray());
        Assert.Equal([7, 8], values["dense1.bias"].Span.ToArray());
        Assert.Equal([9], values["seen"].Span.ToArray());
        Assert.Equal(["dense1.weight [2, 3]", "dense1.bias [2]", "seen []"], values.All.Select(tensor => tensor.ToString()));
        Assert.Contains("dense1.weight, dense1.bias, seen", Assert.Throws<KeyNotFoundException>(() => values["dense2.bias"]).Message);
    }

    [Fact]
    public void With_OneTensor_LeavesTheOldValueAndTheOthers()
    {
        var before = new NetworkValues(LinearModel.Layout, [1, 2, 3, 4, 5, 6, 7, 8], [9]);
        var after = before.With("dense1.bias", [0.5f, 0.25f]);
        Assert.Equal([7, 8], before["dense1.bias"].Span.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 0.5f, 0.25f], after.Parameters.ToArray());
        Assert.Equal(before.Buffers.ToArray(), after.Buffers.ToArray());
        Assert.Throws<ArgumentException>(() => before.With("seen", []));
    }

    [Fact]
    public void Equals_SameBits_Only()
    {
        float[] p = [1, 2, 3, 4, 5, 6, 0, float.NaN];
        var values = new NetworkValues(LinearModel.Layout, p, [9]);
        Assert.Equal(values, new(LinearModel.Layout, [.. p], [9]));
        Assert.Equal(values.GetHashCode(), new NetworkValues(LinearModel.Layout, [.. p], [9]).GetHashCode());
        Assert.Equal(values.Hash(), new NetworkValues(LinearModel.Layout, [.. p], [9]).Hash());
        foreach (var other in new[] { values.With("seen", [8]), values.With("dense1.bias", [-0f, float.NaN]) })
        {
            Assert.NotEqual(values, other);
            Assert.NotEqual(values.Hash(), other.Hash());
        }
    }

    [Fact]
    public void Layout_GapOrSameName_Throws()
    {
        var weight = new TensorInfo("a", [2], 0, Initializer.Zero, 1, 1);
        Assert.Throws<ArgumentException>(() => new NetworkLayout("N", [weight, weight with { Name = "b", Offset = 3 }], []));
        Assert.Throws<ArgumentException>(() => new NetworkLayout("N", [weight], [weight]));
        Assert.Equal(new NetworkLayout("N", [weight], []), new NetworkLayout("N", [weight with { Shape = [2] }], []));
        Assert.NotEqual(new NetworkLayout("N", [weight], []), new NetworkLayout("N", [weight with { Shape = [1, 2] }], []));
    }
}
