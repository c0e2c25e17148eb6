using NNGen.Tests.Release;

namespace NNGen.Tests.Emit;

/// <summary>Once warm, a call allocates the record of metrics that it returns, and nothing else, on none of a team's threads. That holds for optimised code, which a user's release is.</summary>
public class AllocationTests(ReleaseProgram program)
{
    [Fact]
    public void Calls_OfWarmNetworks_AllocateNothingButTheirMetrics()
    {
        var lines = program.Run("allocate");

        Assert.Equal(6 * 5, lines.Length);
        Assert.All(lines, line => Assert.EndsWith(": 0", line));
    }
}
