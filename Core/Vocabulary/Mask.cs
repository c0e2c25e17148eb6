namespace NNGen;

/// <summary>
/// Yes or no for every element: the result of a comparison of tensors, and what <see cref="Layers.Where(Mask, Tensor, Tensor)"/> chooses by.
/// It carries no gradient.
/// </summary>
public sealed class Mask
{
    private Mask()
    {
    }

    /// <summary>Elementwise a and b, with broadcasting.</summary>
    public static Mask operator &(Mask a, Mask b) => throw Signature.Only("&");

    /// <summary>Elementwise a or b, with broadcasting.</summary>
    public static Mask operator |(Mask a, Mask b) => throw Signature.Only("|");

    /// <summary>Elementwise not a.</summary>
    public static Mask operator !(Mask a) => throw Signature.Only("!");
}
