using System.ComponentModel;

namespace NNGen.Generated;

/// <summary>The checks that generated members make of what they are handed. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Arguments
{
    /// <summary>How many samples of <paramref name="size"/> elements an input holds.</summary>
    /// <param name="name">The input's name, for the message.</param>
    /// <param name="length">Its length in elements.</param>
    /// <param name="size">Elements per sample.</param>
    /// <param name="shape">The shape of a sample, for the message.</param>
    /// <exception cref="ArgumentException">The length is no positive multiple of the size.</exception>
    public static int Samples(string name, int length, int size, string shape) =>
        length > 0 && length % size == 0 ? length / size
            : throw new ArgumentException($"{name} has {length} elements; samples of {shape} need a positive multiple of {size}", name);

    /// <summary>Checks that a span holds exactly <paramref name="count"/> samples.</summary>
    /// <param name="name">The argument's name, for the message.</param>
    /// <param name="length">Its length in elements.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="size">Elements per sample.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void Length(string name, int length, int count, int size)
    {
        if (length != (long)count * size)
            throw new ArgumentException($"{name} has {length} elements; {count} samples of {size} need {(long)count * size}", name);
    }

    /// <summary>Checks that labels lie within [0, <paramref name="classes"/>).</summary>
    /// <param name="name">The labels' name, for the message.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">One does not.</exception>
    public static void Labels(string name, ReadOnlySpan<int> labels, int classes)
    {
        for (var i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentOutOfRangeException(name, labels[i], $"label {i} of {name} must lie in [0, {classes})");
    }

    /// <summary>The error for data whose length fits none of a network's shapes.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="length">Its length in elements.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="shapes">The shapes that would be right.</param>
    public static ArgumentException NoShape(string name, int length, int count, string shapes) =>
        new($"{name} has {length} elements for {count} samples; this network is compiled for samples of {shapes}", name);
}
