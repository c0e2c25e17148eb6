using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Tests.Support;

/// <summary>Random operands from a stated seed: the same name and number give the same case on every machine.</summary>
internal sealed class Draw(string name, int number)
{
    /// <summary>How far values stay away from kinks and from each other where that matters.</summary>
    public const double Margin = 2e-3;

    readonly Random random = new(name.Aggregate(unchecked((int)2166136261) + number, (hash, letter) => unchecked((hash ^ letter) * 16777619)));

    /// <summary>Both ends included.</summary>
    public int Int(int low, int high) => random.Next(low, high + 1);

    public bool Flip(double probability = 0.5) => random.NextDouble() < probability;

    public double Real(double low, double high) => low + random.NextDouble() * (high - low);

    public double[] Reals(int count) => [.. Enumerable.Range(0, count).Select(_ => Real(-1, 1))];

    public T Of<T>(params T[] items) => items[random.Next(items.Length)];

    public T[] Shuffled<T>(IEnumerable<T> items) => [.. items.OrderBy(_ => random.Next())];

    /// <summary>Sizes 1 to <paramref name="most"/>, at most <paramref name="limit"/> elements.</summary>
    public int[] Sizes(int rank, int most = 5, int limit = 30)
    {
        var sizes = Enumerable.Range(0, rank).Select(_ => Int(1, most)).ToArray();
        while (sizes.Aggregate(1, (p, s) => p * s) > limit)
            sizes[Array.IndexOf(sizes, sizes.Max())]--;
        return sizes;
    }

    /// <summary>Some of 0 .. count - 1, ascending.</summary>
    public int[] Some(int count, double probability = 0.5) => [.. Enumerable.Range(0, count).Where(_ => Flip(probability))];

    public TensorType Type(int[] sizes, bool? batched = null) => TensorType.Real(sizes.ToEquatableArray(), batched ?? Flip());

    /// <summary>Values of the domain, away from its kinks.</summary>
    public Given Operand(string name, TensorType type, int samples, Domain? domain = null)
    {
        domain ??= Domain.Any;
        return Operand(name, type, samples, () =>
        {
            var value = Real(domain.Low, domain.High);
            while (domain.Kinks.Any(kink => Math.Abs(value - kink) < Margin))
                value = Real(domain.Low, domain.High);
            return value;
        });
    }

    public Given Operand(string name, TensorType type, int samples, Func<double> value) =>
        new(name, Leaves.Input, type, [.. Enumerable.Range(0, type.Elements * (type.Batched ? samples : 1)).Select(_ => value())]);

    /// <summary>Operands no two of whose elements are closer than the margin.</summary>
    public Given[] Distinct(int samples, params (string Name, TensorType Type)[] operands)
    {
        var count = operands.Sum(o => o.Type.Elements * (o.Type.Batched ? samples : 1));
        var steps = new Queue<int>(Shuffled(Enumerable.Range(0, count)));
        return [.. operands.Select(o => Operand(o.Name, o.Type, samples, () => -2 + (steps.Dequeue() + Real(0, 0.5)) * 4 / count))];
    }

    /// <summary>Types that broadcast to a common one; often all equal.</summary>
    public TensorType[] Broadcastable(int count)
    {
        var sizes = Sizes(Int(0, 4));
        var (batched, same) = (Flip(), Flip());
        return [.. Enumerable.Range(0, count).Select(_ => same ? Type(sizes, batched) : Type([.. sizes.Skip(Int(0, sizes.Length)).Select(size => Flip(0.3) ? 1 : size)]))];
    }
}
