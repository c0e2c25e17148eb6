using NNGen.Generators.Support;

namespace NNGen.Generators.Graph;

/// <summary>Element types. `F32` stands for the network's real type: a double program prints the same graph with `double`.</summary>
public enum DType { F64, F32, F16, BF16, I64, I32, I8, Bool }

/// <summary>What a value is: element type, sizes per sample, and whether there is one per sample of the batch.</summary>
public sealed record TensorType(DType Type, EquatableArray<int> Sizes, bool Batched)
{
    public int Rank => Sizes.Count;

    /// <summary>Elements per sample. The verifier and every shape rule keep it below 2^31.</summary>
    public int Elements => Sizes.Aggregate(1, (product, size) => product * size);

    public static TensorType Real(EquatableArray<int> sizes, bool batched) => new(DType.F32, sizes, batched);

    public TensorType WithSizes(EquatableArray<int> sizes) => this with { Sizes = sizes };

    public override string ToString() =>
        $"{Type switch { DType.Bool => "bool", var t => t.ToString().ToLowerInvariant() }}{(Batched ? "[N" + string.Concat(Sizes.Select(s => ", " + s)) + "]" : Sizes.ToString())}";
}
