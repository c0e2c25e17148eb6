using NNGen.Tests.House;

namespace NNGen.Tests.Kernels;

/// <summary>The transforms in eight lanes are those in sixteen, line by line: so both have the same bits.</summary>
public class WinogradHalvesTests
{
    [Fact]
    public void Halves_LineByLine_AreTheTransformsOfSixteenLanes()
    {
        string[] whole =
        [
            .. Code("Winograd.Transforms.cs").SkipWhile(line => !line.StartsWith("private static void Input<", StringComparison.Ordinal)),
            .. Code("Winograd.WeightTransforms.cs").SkipWhile(line => !line.StartsWith("private static void Cotangent<", StringComparison.Ordinal))
                .TakeWhile(line => !line.StartsWith("private static void KernelRow(", StringComparison.Ordinal)),
        ];
        var halves = Code("Winograd.Halves.cs").SkipWhile(line => !line.StartsWith("private static void InputOfHalf<", StringComparison.Ordinal))
            .Select(line => line.Replace("Vector256", "Vector512").Replace("HalfAt(", "At(").Replace("OfHalf", ""));

        Assert.Equal(Plain(whole), Plain(halves));
    }

    // Statements and signatures; where methods follow each other only braces and attributes differ.
    static IEnumerable<string> Plain(IEnumerable<string> lines) => lines.Where(line => line is not ("{" or "}" or "") && !line.StartsWith('['));

    static IEnumerable<string> Code(string file) =>
        File.ReadLines(Path.Combine(Repository.Root, "Kernels", "Cpu", file)).Select(line => line.Trim()).Where(line => !line.StartsWith("//", StringComparison.Ordinal));
}
