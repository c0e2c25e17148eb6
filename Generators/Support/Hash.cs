using System.Collections.Immutable;

namespace NNGen.Generators.Support;

/// <summary>Combines hash codes, as <c>System.HashCode</c> does elsewhere, but the same in every process: a cached step must not depend on a random seed.</summary>
internal static class Hash
{
    public static int Combine(int first, int second)
    {
        unchecked
        {
            var mixed = ((uint)first * 0x9E3779B1u) ^ (uint)second;
            mixed = (mixed ^ (mixed >> 15)) * 0x85EBCA6Bu;
            mixed = (mixed ^ (mixed >> 13)) * 0xC2B2AE35u;
            return (int)(mixed ^ (mixed >> 16));
        }
    }

    public static int Combine(int first, int second, int third) => Combine(Combine(first, second), third);

    public static int Combine(int first, int second, int third, int fourth) => Combine(Combine(first, second, third), fourth);

    /// <summary>The hash of a sequence: its length and its elements, in order.</summary>
    public static int Of<T>(ImmutableArray<T> items) =>
        items.IsDefault ? 0 : items.Aggregate(items.Length, (hash, item) => Combine(hash, item is null ? 0 : EqualityComparer<T>.Default.GetHashCode(item)));
}
