using System.Text.RegularExpressions;

namespace NNGen.Tests.Release;

/// <summary>A method as the just-in-time compiler printed it.</summary>
/// <param name="Method">Its class and name.</param>
/// <param name="Tier">How it was compiled, for example FullOpts.</param>
/// <param name="Loops">The instructions of each loop that has no loop inside.</param>
internal sealed partial record Listing(string Method, string Tier, IReadOnlyList<IReadOnlyList<string>> Loops)
{
    /// <summary>The instructions up to a jump or a label, and where they may lead.</summary>
    sealed record Block(List<string> Instructions, HashSet<string> Labels)
    {
        public string Last => Instructions.Count > 0 ? Instructions[^1] : "";
    }

    /// <summary>All methods of a text that DOTNET_JitDisasm made.</summary>
    public static IReadOnlyList<Listing> All(string text) =>
    [
        .. from part in text.Split("; Assembly listing for method ").Skip(1)
           let header = Header().Match(part)
           select new Listing(header.Groups["method"].Value, header.Groups["tier"].Value, InnerLoops(Blocks(part[..part.IndexOf("; Total bytes", StringComparison.Ordinal)])))
    ];

    static List<Block> Blocks(string text)
    {
        var blocks = new List<Block> { new([], []) };
        foreach (var line in text.Split('\n'))
            if (Label().Match(line) is { Success: true } label)
            {
                if (blocks[^1].Instructions.Count > 0)
                    blocks.Add(new([], []));
                blocks[^1].Labels.Add(label.Groups[1].Value);
            }
            else if (line.StartsWith("       ", StringComparison.Ordinal))
            {
                blocks[^1].Instructions.Add(line.Trim());
                if (line.Trim()[0] == 'j')
                    blocks.Add(new([], []));
            }
        return blocks;
    }

    // The natural loops: from b back to b through a, where every way to a leads over b.
    static IReadOnlyList<IReadOnlyList<string>> InnerLoops(List<Block> blocks)
    {
        var next = blocks.Select((block, i) => Next(blocks, block, i)).ToArray();
        var before = next.SelectMany((all, from) => all.Select(to => (From: from, To: to))).ToLookup(edge => edge.To, edge => edge.From);
        var loops = new Dictionary<int, HashSet<int>>();
        for (var b = 0; b < blocks.Count; b++)
        {
            var others = Reached(0, i => next[i], without: b);
            foreach (var a in before[b].Where(a => a == b || !others.Contains(a)))
                loops[b] = [.. loops.GetValueOrDefault(b, []), b, .. Reached(a, i => before[i], without: b)];
        }
        return [.. loops.Values.Where(loop => !loops.Values.Any(inner => inner.IsProperSubsetOf(loop))).Select(loop => loop.Order().SelectMany(i => blocks[i].Instructions).ToArray())];
    }

    static int[] Next(List<Block> blocks, Block block, int i)
    {
        int[] following = i + 1 < blocks.Count ? [i + 1] : [];
        if (Jump().Match(block.Last) is { Success: true } jump)
            return [.. blocks.FindIndex(other => other.Labels.Contains(jump.Groups["to"].Value)) is >= 0 and var to ? [to] : Array.Empty<int>(), .. jump.Groups["name"].Value == "jmp" ? [] : following];
        return block.Last.StartsWith("ret", StringComparison.Ordinal) ? [] : following;
    }

    static HashSet<int> Reached(int start, Func<int, IEnumerable<int>> next, int without)
    {
        var (reached, open) = (new HashSet<int>(), new Stack<int>([start]));
        while (open.TryPop(out var i))
            if (i != without && reached.Add(i))
                foreach (var to in next(i))
                    open.Push(to);
        return reached;
    }

    [GeneratedRegex(@"^(?<method>[^\(]+).*\((?<tier>[^\)]+)\)")]
    private static partial Regex Header();

    [GeneratedRegex(@"^(G_M\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?<name>j\w+)\s+(SHORT\s+)?(?<to>G_M\w+)$")]
    private static partial Regex Jump();
}
