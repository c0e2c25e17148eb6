namespace NNGen;

/// <summary>
/// A tensor inside a <see cref="NetworkAttribute">[Network]</see>'s functions: an array of real numbers whose sizes are known while the project
/// builds. Sizes are those of one sample; the batch is not counted, so an RGB image has rank 3: [channels, height, width].
/// </summary>
/// <remarks>
/// Arithmetic broadcasts as in NumPy: sizes are aligned at the last axis, and a size of 1 (or a missing axis) repeats. Nothing here can be called
/// while the program runs; see <see cref="VocabularyException"/>.
/// </remarks>
public class Tensor
{
    private protected Tensor()
    {
    }

    /// <summary>The number of axes of one sample: 1 for [F], 3 for [C, H, W].</summary>
    public int Rank => throw Signature.Only(nameof(Rank));

    /// <summary>The size of a vector [F].</summary>
    public int Features => throw Signature.Only(nameof(Features));

    /// <summary>The channels C of [C, H, W] or [C].</summary>
    public int Channels => throw Signature.Only(nameof(Channels));

    /// <summary>The height H of [C, H, W], in pixels.</summary>
    public int Height => throw Signature.Only(nameof(Height));

    /// <summary>The width W of [C, H, W], in pixels.</summary>
    public int Width => throw Signature.Only(nameof(Width));

    /// <summary>The size of one axis of a sample.</summary>
    /// <param name="axis">The axis, from 0; negative counts from the end (-1 is the last).</param>
    public int Size(int axis) => throw Signature.Only(nameof(Size));

    /// <summary>Applies a layer: <c>x | Relu</c> is <c>Relu(x)</c>.</summary>
    public static Tensor operator |(Tensor x, Layer layer) => throw Signature.Only("|");

    /// <summary>Elementwise a + b, with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => throw Signature.Only("+");

    /// <summary>Elementwise a + b.</summary>
    public static Tensor operator +(Tensor a, float b) => throw Signature.Only("+");

    /// <summary>Elementwise a + b.</summary>
    public static Tensor operator +(float a, Tensor b) => throw Signature.Only("+");

    /// <summary>Elementwise a - b, with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => throw Signature.Only("-");

    /// <summary>Elementwise a - b.</summary>
    public static Tensor operator -(Tensor a, float b) => throw Signature.Only("-");

    /// <summary>Elementwise a - b.</summary>
    public static Tensor operator -(float a, Tensor b) => throw Signature.Only("-");

    /// <summary>Elementwise a * b (Hadamard product), with broadcasting; <see cref="Layers.MatMul"/> is the matrix product.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => throw Signature.Only("*");

    /// <summary>Elementwise a * b.</summary>
    public static Tensor operator *(Tensor a, float b) => throw Signature.Only("*");

    /// <summary>Elementwise a * b.</summary>
    public static Tensor operator *(float a, Tensor b) => throw Signature.Only("*");

    /// <summary>Elementwise a / b, with broadcasting.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => throw Signature.Only("/");

    /// <summary>Elementwise a / b.</summary>
    public static Tensor operator /(Tensor a, float b) => throw Signature.Only("/");

    /// <summary>Elementwise a / b.</summary>
    public static Tensor operator /(float a, Tensor b) => throw Signature.Only("/");

    /// <summary>Elementwise -x.</summary>
    public static Tensor operator -(Tensor x) => throw Signature.Only("-");

    /// <summary>Elementwise a &lt; b, with broadcasting.</summary>
    public static Mask operator <(Tensor a, Tensor b) => throw Signature.Only("<");

    /// <summary>Elementwise a &gt; b, with broadcasting.</summary>
    public static Mask operator >(Tensor a, Tensor b) => throw Signature.Only(">");

    /// <summary>Elementwise a &lt;= b, with broadcasting.</summary>
    public static Mask operator <=(Tensor a, Tensor b) => throw Signature.Only("<=");

    /// <summary>Elementwise a &gt;= b, with broadcasting.</summary>
    public static Mask operator >=(Tensor a, Tensor b) => throw Signature.Only(">=");

    /// <summary>Elementwise a &lt; b.</summary>
    public static Mask operator <(Tensor a, float b) => throw Signature.Only("<");

    /// <summary>Elementwise a &gt; b.</summary>
    public static Mask operator >(Tensor a, float b) => throw Signature.Only(">");

    /// <summary>Elementwise a &lt;= b.</summary>
    public static Mask operator <=(Tensor a, float b) => throw Signature.Only("<=");

    /// <summary>Elementwise a &gt;= b.</summary>
    public static Mask operator >=(Tensor a, float b) => throw Signature.Only(">=");

    /// <summary>Elementwise a &lt; b.</summary>
    public static Mask operator <(float a, Tensor b) => throw Signature.Only("<");

    /// <summary>Elementwise a &gt; b.</summary>
    public static Mask operator >(float a, Tensor b) => throw Signature.Only(">");

    /// <summary>Elementwise a &lt;= b.</summary>
    public static Mask operator <=(float a, Tensor b) => throw Signature.Only("<=");

    /// <summary>Elementwise a &gt;= b.</summary>
    public static Mask operator >=(float a, Tensor b) => throw Signature.Only(">=");
}
