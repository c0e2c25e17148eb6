using System.Collections.Immutable;
using System.Globalization;

namespace NNGen;

/// <summary>What is done with shapes everywhere.</summary>
internal static class TensorShape
{
    /// <summary>The number of elements; 1 for the empty shape.</summary>
    /// <exception cref="OverflowException">It does not fit an int.</exception>
    public static int Count(ImmutableArray<int> shape)
    {
        var count = 1;
        foreach (var size in shape)
            count = checked(count * size);
        return count;
    }

    /// <summary>The number of elements of a shape that a caller gave.</summary>
    /// <exception cref="ArgumentException">A size is less than 1, or there are more than 2^31 - 1 elements.</exception>
    public static int Checked(ImmutableArray<int> shape, string what)
    {
        long count = 1;
        foreach (var size in shape)
        {
            if (size < 1)
                throw new ArgumentException($"{what}: every size of {Text(shape)} must be at least 1");
            if ((count *= size) > int.MaxValue)
                throw new ArgumentException($"{what}: {Text(shape)} has more than {int.MaxValue} elements");
        }

        return (int)count;
    }

    /// <summary>As in a message: <c>[6, 1, 5, 5]</c>.</summary>
    public static string Text(ImmutableArray<int> shape) => $"[{string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";
}
