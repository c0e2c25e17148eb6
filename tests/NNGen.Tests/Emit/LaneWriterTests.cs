using NNGen.Generators.Emit.Cpu.Lanes;

namespace NNGen.Tests.Emit;

public class LaneWriterTests
{
    [Fact]
    public void Filled_WithNarrowBorders_MakesThemTilesOfWholeSize()
    {
        Assert.Equal([(0, 8), (8, 24), (24, 32)], LaneWriter.Filled([(0, 1), (1, 31), (31, 32)], 8));
        Assert.Equal([(0, 8), (8, 33)], LaneWriter.Filled([(0, 2), (2, 33)], 8));
    }

    [Fact]
    public void Filled_OfFewTiles_DividesThemEvenly() =>
        Assert.Equal([(0, 7), (7, 14)], LaneWriter.Filled([(0, 1), (1, 13), (13, 14)], 12));

    [Fact]
    public void Filled_WithWideBordersOrNone_LeavesThem()
    {
        Assert.Equal([(0, 4), (4, 10), (10, 14)], LaneWriter.Filled([(0, 4), (4, 10), (10, 14)], 4));
        Assert.Equal([(0, 30)], LaneWriter.Filled([(0, 30)], 8));
    }
}
