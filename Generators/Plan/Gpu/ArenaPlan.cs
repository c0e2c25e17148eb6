using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Plan.Gpu;

/// <summary>The parts of a network's device memory: reals and integers, shared by the batch or one set per sample.</summary>
public enum Region { Shared, Batched, SharedIntegers, BatchedIntegers }

/// <summary>Where a value begins: in elements, and in elements per sample where there is one value per sample.</summary>
public sealed record Address(Region Region, long Offset)
{
    public static Region RegionOf(TensorType type) => (type.Type, type.Batched) switch
    {
        (DType.F32, false) => Region.Shared,
        (DType.F32, true) => Region.Batched,
        (DType.I32, false) => Region.SharedIntegers,
        (DType.I32, true) => Region.BatchedIntegers,
        _ => throw new InvalidOperationException($"no device memory holds {type}: fusion stores numbers only"),
    };
}

/// <summary>Elements of each region.</summary>
public sealed record Extent(long Shared, long Batched, long SharedIntegers, long BatchedIntegers)
{
    public static readonly Extent None = new(0, 0, 0, 0);

    public long this[Region region] => region switch
    {
        Region.Shared => Shared,
        Region.Batched => Batched,
        Region.SharedIntegers => SharedIntegers,
        _ => BatchedIntegers,
    };

    public Extent With(Region region, long elements) => region switch
    {
        Region.Shared => this with { Shared = elements },
        Region.Batched => this with { Batched = elements },
        Region.SharedIntegers => this with { SharedIntegers = elements },
        _ => this with { BatchedIntegers = elements },
    };

    public Extent Max(Extent other) => new(
        Math.Max(Shared, other.Shared), Math.Max(Batched, other.Batched), Math.Max(SharedIntegers, other.SharedIntegers), Math.Max(BatchedIntegers, other.BatchedIntegers));
}

/// <summary>
/// Where a program's values lie on a device. What the host writes or reads has a place of its own behind which the values between kernels lie; two of those share
/// memory when the last kernel that reads the one runs before the kernel that writes the other.
/// </summary>
public sealed class ArenaPlan
{
    private readonly IReadOnlyDictionary<int, Address> places;

    private ArenaPlan(IReadOnlyDictionary<int, Address> places, Extent extent) => (this.places, Extent) = (places, extent);

    /// <summary>What the program needs of each region, the fixed part included.</summary>
    public Extent Extent { get; }

    /// <summary>The place of a stored value.</summary>
    public Address this[int node] => places[node];

    /// <param name="program">The nests in the order of their execution.</param>
    /// <param name="isFixed">Places of leaves, and of outputs that the host reads.</param>
    /// <param name="extent">What the fixed places take.</param>
    public static ArenaPlan Of(LoopProgram program, IReadOnlyDictionary<int, Address> isFixed, Extent extent)
    {
        var lastUse = new Dictionary<int, int>();
        for (var step = 0; step < program.Nests.Count; step++)
            foreach (var node in Reads.Of(program.Nests[step].Body).Loads)
                lastUse[node] = step;
        foreach (var output in program.Graph.Outputs)
            lastUse[output.Node] = int.MaxValue;

        var places = isFixed.ToDictionary(p => p.Key, p => p.Value);
        var live = new List<(Region Region, long Start, long End, int LastUse)>();
        var total = extent;
        for (var step = 0; step < program.Nests.Count; step++)
        {
            var node = program.Nests[step].Node;
            if (places.ContainsKey(node))
                continue;
            // A value that this very kernel reads for the last time is still there while it runs.
            live.RemoveAll(value => value.LastUse < step);
            var type = program.Graph[node].Type;
            var region = Address.RegionOf(type);
            var start = Gap(live.Where(value => value.Region == region).OrderBy(value => value.Start), extent[region], type.Elements);
            places[node] = new Address(region, start);
            live.Add((region, start, start + type.Elements, lastUse.TryGetValue(node, out var last) ? last : step));
            total = total.With(region, Math.Max(total[region], start + type.Elements));
        }
        return new ArenaPlan(places, total);
    }

    // The first gap that is wide enough.
    private static long Gap(IEnumerable<(Region Region, long Start, long End, int LastUse)> live, long start, long elements)
    {
        foreach (var value in live)
        {
            if (value.Start - start >= elements)
                break;
            start = Math.Max(start, value.End);
        }
        return start;
    }
}
