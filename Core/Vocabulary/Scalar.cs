namespace NNGen;

/// <summary>
/// A tensor of rank 0, what a loss or a metric returns. Arithmetic with numbers and other scalars stays a scalar:
/// <c>loss + 0.01f * Mean(x)</c> is one.
/// </summary>
public sealed class Scalar : Tensor
{
    private Scalar()
    {
    }

    /// <summary>a + b.</summary>
    public static Scalar operator +(Scalar a, Scalar b) => throw Signature.Only("+");

    /// <summary>a + b.</summary>
    public static Scalar operator +(Scalar a, float b) => throw Signature.Only("+");

    /// <summary>a + b.</summary>
    public static Scalar operator +(float a, Scalar b) => throw Signature.Only("+");

    /// <summary>a - b.</summary>
    public static Scalar operator -(Scalar a, Scalar b) => throw Signature.Only("-");

    /// <summary>a - b.</summary>
    public static Scalar operator -(Scalar a, float b) => throw Signature.Only("-");

    /// <summary>a - b.</summary>
    public static Scalar operator -(float a, Scalar b) => throw Signature.Only("-");

    /// <summary>a * b.</summary>
    public static Scalar operator *(Scalar a, Scalar b) => throw Signature.Only("*");

    /// <summary>a * b.</summary>
    public static Scalar operator *(Scalar a, float b) => throw Signature.Only("*");

    /// <summary>a * b.</summary>
    public static Scalar operator *(float a, Scalar b) => throw Signature.Only("*");

    /// <summary>a / b.</summary>
    public static Scalar operator /(Scalar a, Scalar b) => throw Signature.Only("/");

    /// <summary>a / b.</summary>
    public static Scalar operator /(Scalar a, float b) => throw Signature.Only("/");

    /// <summary>a / b.</summary>
    public static Scalar operator /(float a, Scalar b) => throw Signature.Only("/");

    /// <summary>-x.</summary>
    public static Scalar operator -(Scalar x) => throw Signature.Only("-");
}
