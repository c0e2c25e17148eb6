namespace NNGen;

/// <summary>Random orders.</summary>
internal static class Shuffle
{
    /// <summary>The numbers 0 to count - 1 in an order that follows from seed and epoch alone (Fisher and Yates, as Durstenfeld wrote it).</summary>
    public static int[] Order(int count, ulong seed, int epoch)
    {
        var random = CounterRandom.Of(seed, "shuffle").At((ulong)epoch);
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Below((ulong)i, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
