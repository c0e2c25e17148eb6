using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NNGen.Kernels;

/// <summary>
/// Floats whose first begins a cache line: a vector of sixteen then never crosses one, which costs loads and stores half of their speed. Before the first and behind the last there is room for vectors of which only some
/// lanes are wanted: they may be loaded from there.
/// </summary>
/// <param name="length">How many there are.</param>
public readonly struct Aligned(int length)
{
    private const int Line = 64, Room = 128;

    // Pinned, so that it stays where it is aligned.
    private readonly float[] memory = GC.AllocateArray<float>(checked(length + (Line / sizeof(float)) + (2 * Room)), pinned: true);

    /// <summary>How many there are.</summary>
    public int Length => length;

    /// <summary>The first.</summary>
    public ref float First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(memory), Start);
    }

    /// <summary>All of them.</summary>
    public Memory<float> Memory => memory.AsMemory(Start, length);

    /// <summary>One of them.</summary>
    public ref float this[int index] => ref memory[Start + index];

    /// <summary>Those from an index on.</summary>
    public Span<float> AsSpan(int start) => memory.AsSpan(Start + start, length - start);

    /// <summary>Some of them.</summary>
    public Span<float> AsSpan(int start, int count) => memory.AsSpan(Start + start, count);

    private int Start => Room + (int)(-Unsafe.ByteOffset(ref Unsafe.NullRef<float>(), ref MemoryMarshal.GetArrayDataReference(memory)) & (Line - 1)) / sizeof(float);
}
