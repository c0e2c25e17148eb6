using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen;

/// <summary>A vector of floats of some width, so that an update is written once for all widths. Operations are those of IEEE 754, none of them fused: an element's bits do not depend on the width. One number for each vector stays in a register: the just-in-time compiler takes such a struct for its field.</summary>
internal interface IFloatVector<TSelf>
    where TSelf : struct, IFloatVector<TSelf>
{
    /// <summary>How many floats it has.</summary>
    static abstract int Count { get; }

    static abstract TSelf Of(float value);

    static abstract TSelf Load(ref float first, nuint index);

    static abstract TSelf SquareRoot(TSelf value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    void Store(ref float first, nuint index);
}

/// <summary>
/// Sixteen floats, for processors with AVX-512. <see cref="Vector{T}"/> has at most eight of them unless a whole process is set to more, and eight roots and quotients take as long as sixteen.
/// </summary>
internal readonly struct SixteenFloats(Vector512<float> floats) : IFloatVector<SixteenFloats>
{
    private readonly Vector512<float> floats = floats;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats Of(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats Load(ref float first, nuint index) => new(Vector512.LoadUnsafe(ref first, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats SquareRoot(SixteenFloats value) => new(Vector512.Sqrt(value.floats));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats operator +(SixteenFloats left, SixteenFloats right) => new(left.floats + right.floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats operator -(SixteenFloats left, SixteenFloats right) => new(left.floats - right.floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats operator *(SixteenFloats left, SixteenFloats right) => new(left.floats * right.floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats operator /(SixteenFloats left, SixteenFloats right) => new(left.floats / right.floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float first, nuint index) => floats.StoreUnsafe(ref first, index);
}

/// <summary>As many floats as <see cref="Vector{T}"/> has.</summary>
internal readonly struct NativeFloats(Vector<float> floats) : IFloatVector<NativeFloats>
{
    private readonly Vector<float> floats = floats;

    public static int Count => Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeFloats Of(float value) => new(new Vector<float>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeFloats Load(ref float first, nuint index) => new(Vector.LoadUnsafe(ref first, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeFloats SquareRoot(NativeFloats value) => new(Vector.SquareRoot(value.floats));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeFloats operator +(NativeFloats left, NativeFloats right) => new(left.floats + right.floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeFloats operator -(NativeFloats left, NativeFloats right) => new(left.floats - right.floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeFloats operator *(NativeFloats left, NativeFloats right) => new(left.floats * right.floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeFloats operator /(NativeFloats left, NativeFloats right) => new(left.floats / right.floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float first, nuint index) => floats.StoreUnsafe(ref first, index);
}
