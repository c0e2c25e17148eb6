using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using NNGen.Tests.Networks;
using NNGen.Tests.Networks.Narrow;
using NNGen.Tests.Networks.Wide;
using NNGen.Tests.Release;

namespace NNGen.Tests.Emit;

/// <summary>What the runtime makes of kernels while LeNet-5, a network with its rows and one with its channels in lanes take a few steps.</summary>
public partial class DisassemblyTests(ReleaseProgram program)
{
    const string Methods = $"*{nameof(LeNet5)}+Kernels:* *{nameof(NarrowPoolings)}+Kernels:* *{nameof(WideResidual)}+Kernels:* NNGen.Kernels.Product*:* NNGen.Kernels.LaneProducts:* NNGen.Kernels.DenseLayers:* NNGen.Kernels.Winograd*:*";

    /// <summary>Multiply-adds in a loop that is about them.</summary>
    const int Few = 4;

    [Fact]
    public void Kernels_WhenFirstCalled_AreOptimised()
    {
        var kernels = program.Disassemble("train", Methods).Where(listing => listing.Method.Contains("Kernels:", StringComparison.Ordinal)).ToArray();

        Assert.InRange(kernels.Length, 120, 400);
        Assert.All(kernels, listing => Assert.Equal(("FullOpts", listing.Method), (listing.Tier, listing.Method)));
    }

    [Fact]
    public void HandWrittenLoops_WhenFirstCalled_AreOptimised() => Assert.All(
        program.Disassemble("train", "NNGen.Kernels.Product*:* NNGen.Kernels.LaneProducts:* NNGen.Kernels.DenseLayers:* NNGen.Kernels.Winograd*:* NNGen.Kernels.LaneTransposes:* NNGen.Kernels.BlockSums:*").Where(listing => listing.Loops.Count > 0),
        listing => Assert.Equal(("FullOpts", listing.Method), (listing.Tier, listing.Method)));

    /// <summary>With thirty-two vector registers; where there are sixteen, tiles are too large for them.</summary>
    [Fact]
    public void Products_InInnerLoops_StayInRegistersAndCallNothing()
    {
        var loops = program.Disassemble("train", Methods).SelectMany(listing => listing.Loops.Select(loop => (listing.Method, Loop: loop)))
            .Where(loop => loop.Loop.Count(instruction => MultiplyAdd().IsMatch(instruction)) >= Few).ToArray();
        if (Avx512F.IsSupported)
            Assert.Empty(loops.SelectMany(loop => loop.Loop.Where(instruction => Call().IsMatch(instruction) || OnStack().IsMatch(instruction)).Select(instruction => $"{loop.Method}: {instruction}")));

        Assert.InRange(loops.Length, 30, 500);
    }

    [GeneratedRegex(@"^vfn?m(add|sub)")]
    private static partial Regex MultiplyAdd();

    [GeneratedRegex(@"^(call|rex\.jmp|tail)")]
    private static partial Regex Call();

    [GeneratedRegex(@"[xyz]mmword ptr \[r[bs]p")]
    private static partial Regex OnStack();
}
