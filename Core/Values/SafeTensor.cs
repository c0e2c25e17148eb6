using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace NNGen;

/// <summary>Element types of safetensors files.</summary>
public enum SafeTensorType
{
    /// <summary>One byte, 0 or 1.</summary>
    BOOL,

    /// <summary>Unsigned, 8 bits.</summary>
    U8,

    /// <summary>Signed, 8 bits.</summary>
    I8,

    /// <summary>Signed, 16 bits.</summary>
    I16,

    /// <summary>Unsigned, 16 bits.</summary>
    U16,

    /// <summary>IEEE half.</summary>
    F16,

    /// <summary>The upper half of a float32.</summary>
    BF16,

    /// <summary>Signed, 32 bits.</summary>
    I32,

    /// <summary>Unsigned, 32 bits.</summary>
    U32,

    /// <summary>IEEE single.</summary>
    F32,

    /// <summary>IEEE double.</summary>
    F64,

    /// <summary>Signed, 64 bits.</summary>
    I64,

    /// <summary>Unsigned, 64 bits.</summary>
    U64,
}

/// <summary>One tensor of a safetensors file, its bytes as in the file (little-endian, row-major).</summary>
public sealed class SafeTensor
{
    /// <summary>A tensor over bytes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its shape; empty for one number, sizes may be 0.</param>
    /// <param name="data">Its bytes.</param>
    /// <exception cref="ArgumentException">The number of bytes is not that of type and shape.</exception>
    public SafeTensor(string name, SafeTensorType type, ImmutableArray<int> shape, ReadOnlyMemory<byte> data)
    {
        (Name, Type, Shape, Data) = (name, type, shape, data);
        if ((long)Count * SizeOf(type) != data.Length)
            throw new ArgumentException($"{this} needs {(long)Count * SizeOf(type)} bytes, got {data.Length}", nameof(data));
    }

    /// <summary>The tensor's name.</summary>
    public string Name { get; }

    /// <summary>Its element type.</summary>
    public SafeTensorType Type { get; }

    /// <summary>Its shape; empty for one number.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Its bytes, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The number of elements.</summary>
    public int Count => TensorShape.Count(Shape);

    /// <summary>A float32 tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements, row-major.</param>
    public static SafeTensor Of(string name, ImmutableArray<int> shape, ReadOnlySpan<float> values) =>
        new(name, SafeTensorType.F32, shape, LittleEndian.Bytes(values));

    /// <summary>All elements as float32; exact.</summary>
    /// <exception cref="InvalidOperationException">The type is none of F32, F16, BF16, so that not every value is a float32.</exception>
    public float[] ToFloats()
    {
        var values = new float[Count];
        CopyTo(values);
        return values;
    }

    /// <summary>All elements as float32; exact.</summary>
    /// <param name="values">Receives them; its length is <see cref="Count"/>.</param>
    /// <exception cref="InvalidOperationException">The type is none of F32, F16, BF16, so that not every value is a float32.</exception>
    public void CopyTo(Span<float> values)
    {
        if (Type == SafeTensorType.F32)
        {
            LittleEndian.Read(Data.Span, values);
            return;
        }

        if (Type is not (SafeTensorType.F16 or SafeTensorType.BF16))
            throw new InvalidOperationException($"{this} is of type {Type}, which float32 does not hold exactly; read it as doubles or integers");
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)Real(i);
    }

    /// <summary>All elements as double; integers beyond 2^53 are rounded.</summary>
    public double[] ToDoubles()
    {
        var values = new double[Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = IsReal ? Real(i) : Integer(i);
        return values;
    }

    /// <summary>All elements as 64-bit integers.</summary>
    /// <exception cref="InvalidOperationException">The type is not one of integers or booleans.</exception>
    /// <exception cref="OverflowException">An element of a U64 tensor is too large.</exception>
    public long[] ToIntegers()
    {
        if (IsReal)
            throw new InvalidOperationException($"{this} is of type {Type}, not of integers");
        var values = new long[Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Integer(i);
        return values;
    }

    /// <summary>Name and shape.</summary>
    public override string ToString() => $"{Name} {TensorShape.Text(Shape)}";

    /// <summary>Bytes of one element.</summary>
    internal static int SizeOf(SafeTensorType type) => type switch
    {
        SafeTensorType.BOOL or SafeTensorType.U8 or SafeTensorType.I8 => 1,
        SafeTensorType.I16 or SafeTensorType.U16 or SafeTensorType.F16 or SafeTensorType.BF16 => 2,
        SafeTensorType.I32 or SafeTensorType.U32 or SafeTensorType.F32 => 4,
        _ => 8,
    };

    private bool IsReal => Type is SafeTensorType.F16 or SafeTensorType.BF16 or SafeTensorType.F32 or SafeTensorType.F64;

    private ReadOnlySpan<byte> Element(int index) => Data.Span.Slice(index * SizeOf(Type), SizeOf(Type));

    private double Real(int index) => Type switch
    {
        SafeTensorType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(Element(index)),
        SafeTensorType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(Element(index)) << 16),
        SafeTensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(Element(index)),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(Element(index)),
    };

    private long Integer(int index) => Type switch
    {
        SafeTensorType.BOOL or SafeTensorType.U8 => Element(index)[0],
        SafeTensorType.I8 => (sbyte)Element(index)[0],
        SafeTensorType.I16 => BinaryPrimitives.ReadInt16LittleEndian(Element(index)),
        SafeTensorType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(Element(index)),
        SafeTensorType.I32 => BinaryPrimitives.ReadInt32LittleEndian(Element(index)),
        SafeTensorType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(Element(index)),
        SafeTensorType.I64 => BinaryPrimitives.ReadInt64LittleEndian(Element(index)),
        _ => checked((long)BinaryPrimitives.ReadUInt64LittleEndian(Element(index))),
    };
}
