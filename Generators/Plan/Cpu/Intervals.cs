namespace NNGen.Generators.Plan.Cpu;

/// <summary>
/// Gives values places in one piece of memory, in the order of their births: the lowest gap between those that still live. A value that is born when another is read for the last time does not
/// take its place: the nest that does both would overwrite what it reads.
/// </summary>
internal sealed class Intervals
{
    private readonly List<(int Offset, int Size, int Death)> living = [];

    /// <summary>The size of the piece so far.</summary>
    public int Size { get; private set; }

    /// <summary>A place for a value that is written at <paramref name="birth"/> and read until <paramref name="death"/>; births come in ascending order.</summary>
    public int Place(int size, int birth, int death)
    {
        living.RemoveAll(other => other.Death < birth);
        var offset = 0;
        foreach (var other in living.OrderBy(other => other.Offset))
        {
            if (other.Offset - offset >= size)
                break;
            offset = Math.Max(offset, other.Offset + other.Size);
        }
        living.Add((offset, size, death));
        Size = Math.Max(Size, offset + size);
        return offset;
    }
}
