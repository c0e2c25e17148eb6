using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>What shape rules demand of operands and attributes: the fault, or null where the demand is met.</summary>
internal static class Demands
{
    public static Fault? Real(string op, EquatableArray<TensorType> x) =>
        x.All(type => type.Type == DType.F32) ? null : new Fault("NNG1013", $"{op} needs real numbers, got {x.First(type => type.Type != DType.F32)}");

    public static Fault? Rank(string layer, TensorType x, params string[] axes) => x.Rank == axes.Length ? null
        : new Fault("NNG1002", $"{layer} needs [{string.Join(", ", axes)}], got {x.Sizes}{(x.Rank < axes.Length ? "; Reshape it" : "")}");

    public static Fault? Map(string layer, TensorType x) => Rank(layer, x, "channels", "height", "width");

    /// <summary>Equal sizes, and all or none per sample: what broadcasting has made so.</summary>
    public static Fault? Alike(string op, EquatableArray<TensorType> x) => Broadcasting.AreAlike(x) ? null
        : new Fault("NNG1001", $"{op} needs operands of equal sizes, got {string.Join(" and ", x)}");

    /// <summary>So many constants. Rows are applied by the compiler alone, so this speaks to its authors.</summary>
    public static Fault? Count(string op, Attributes attributes, int integers, int reals = 0) =>
        attributes.Integers.Count == integers && attributes.Reals.Count == reals ? null
        : new Fault("NNG1010", $"{op} needs {integers} integers and {reals} reals as its attributes, got {attributes.Integers.Count} and {attributes.Reals.Count}");

    public static Fault? Positive(string op, string what, EquatableArray<int> numbers) => numbers.All(number => number >= 1) ? null
        : new Fault("NNG1010", $"{op}: {what} must be at least 1, got {string.Join(", ", numbers)}");

    /// <summary>Places start + i step, i below length, of an axis.</summary>
    public static bool Within(int start, int length, int step, int size) => start >= 0 && length >= 1 && step >= 1 && start + (length - 1L) * step < size;
}
