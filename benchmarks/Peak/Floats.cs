using System.Runtime.InteropServices;

namespace NNGen.Benchmarks.Peak;

/// <summary>Numbers that begin at a chosen place of a line of the cache and stay there: a vector that lies across two lines is loaded twice.</summary>
/// <param name="Array">Where they are.</param>
/// <param name="Start">Where they begin.</param>
internal readonly record struct Floats(float[] Array, int Start)
{
    private const int Line = 64;

    /// <summary>Bytes from the beginning of a line to the first number of new ones: a multiple of 4 below 64.</summary>
    public static int Offset { get; set; }

    /// <summary>A number.</summary>
    public ref float this[int i] => ref Array[Start + i];

    /// <summary>Zeros.</summary>
    /// <param name="count">How many.</param>
    public static Floats New(int count)
    {
        var array = GC.AllocateArray<float>(count + (2 * Line / sizeof(float)), pinned: true);
        var past = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Line);
        return new(array, (Line - past + Offset) / sizeof(float));
    }

    /// <summary>The first of the numbers.</summary>
    public Span<float> First(int count) => Array.AsSpan(Start, count);
}
