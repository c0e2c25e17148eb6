using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

/// <summary>C#'s operators on boxed numbers of equal type, as the compiler has converted them.</summary>
internal static class Arithmetic
{
    public static bool IsNumber(object? value) => value is int or float or long or double or byte or short or uint or ulong or sbyte or ushort or char or decimal;

    public static bool Knows(object? left, object? right) =>
        (IsNumber(left) || left is bool or string or null or Enum) && (IsNumber(right) || right is bool or string or null or Enum) && !(left is null && right is null);

    public static bool IsNumeric(SpecialType type) => type is >= SpecialType.System_Char and <= SpecialType.System_Double;

    public static object? Zero(SpecialType type) => type == SpecialType.System_Boolean ? false : IsNumeric(type) ? Convert(0, type, false) : null;

    /// <summary>The value as a number of another type; a fraction is cut off.</summary>
    public static object? Convert(object? value, SpecialType type, bool @checked)
    {
        if (value is char character)
            value = (int)character;
        if (value is float or double or decimal && type is not (SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal))
        {
            var real = System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
            if (double.IsNaN(real) || Math.Abs(real) >= 9.3e18)
                throw new OverflowException();
            value = (long)real;
        }
        var invariant = CultureInfo.InvariantCulture;
        if (!@checked && value is long or int && type is not (SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal))
        {
            var bits = System.Convert.ToInt64(value, invariant);
            return unchecked(type switch
            {
                SpecialType.System_Char => (char)bits,
                SpecialType.System_SByte => (sbyte)bits,
                SpecialType.System_Byte => (byte)bits,
                SpecialType.System_Int16 => (short)bits,
                SpecialType.System_UInt16 => (ushort)bits,
                SpecialType.System_Int32 => (int)bits,
                SpecialType.System_UInt32 => (uint)bits,
                SpecialType.System_UInt64 => (object)(ulong)bits,
                _ => bits,
            });
        }
        return type switch
        {
            SpecialType.System_Char => (char)System.Convert.ToUInt16(value, invariant),
            SpecialType.System_SByte => System.Convert.ToSByte(value, invariant),
            SpecialType.System_Byte => System.Convert.ToByte(value, invariant),
            SpecialType.System_Int16 => System.Convert.ToInt16(value, invariant),
            SpecialType.System_UInt16 => System.Convert.ToUInt16(value, invariant),
            SpecialType.System_Int32 => System.Convert.ToInt32(value, invariant),
            SpecialType.System_UInt32 => System.Convert.ToUInt32(value, invariant),
            SpecialType.System_Int64 => System.Convert.ToInt64(value, invariant),
            SpecialType.System_UInt64 => System.Convert.ToUInt64(value, invariant),
            SpecialType.System_Decimal => System.Convert.ToDecimal(value, invariant),
            SpecialType.System_Single => value is double d ? (float)d : System.Convert.ToSingle(value, invariant),
            SpecialType.System_Double => System.Convert.ToDouble(value, invariant),
            _ => value,
        };
    }

    /// <summary>The operator's result; null where the types have none.</summary>
    public static object? Binary(BinaryOperatorKind kind, object? left, object? right, bool @checked)
    {
        if (kind == BinaryOperatorKind.Equals)
            return AreEqual(left, right);
        if (kind == BinaryOperatorKind.NotEquals)
            return !AreEqual(left, right);
        if (left is null || right is null)                                       // lifted
            return kind is BinaryOperatorKind.LessThan or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThanOrEqual ? false : null;
        return (left, right) switch
        {
            (bool a, bool b) => Logic(kind, a, b),
            (float a, float b) => Single(kind, a, b),
            (double a, double b) => Double(kind, a, b),
            (decimal a, decimal b) => Decimal(kind, a, b),
            (ulong a, ulong b) => Unsigned(kind, a, b, @checked),
            (uint a, uint b) => Cut(Integer(kind, a, b), SpecialType.System_UInt32, @checked),
            (uint a, int b) => kind == BinaryOperatorKind.LeftShift ? a << b : a >> b,
            (ulong a, int b) => kind == BinaryOperatorKind.LeftShift ? a << b : a >> b,
            (long a, int b) when kind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift => Shift(kind, a, b),
            (long a, long b) => Long(kind, a, b, @checked),
            (int a, int b) when kind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift => Shift(kind, a, b),
            _ when IsNumber(left) && IsNumber(right) && left is not (float or double or decimal or ulong) && right is not (float or double or decimal or ulong)
                => Cut(Integer(kind, ToLong(left), ToLong(right)), SpecialType.System_Int32, @checked),
            _ => null,
        };
    }

    public static object? Unary(UnaryOperatorKind kind, object? x, bool @checked) => (kind, x) switch
    {
        (_, null) => null,
        (UnaryOperatorKind.Not, bool a) => !a,
        (UnaryOperatorKind.Plus, _) => x is char or byte or sbyte or short or ushort ? (int)ToLong(x) : x,
        (UnaryOperatorKind.Minus, float a) => -a,
        (UnaryOperatorKind.Minus, double a) => -a,
        (UnaryOperatorKind.Minus, decimal a) => -a,
        (UnaryOperatorKind.Minus, long a) => @checked ? checked(-a) : unchecked(-a),
        (UnaryOperatorKind.Minus, _) when IsNumber(x) => Cut(-ToLong(x), SpecialType.System_Int32, @checked),
        (UnaryOperatorKind.BitwiseNegation, ulong a) => ~a,
        (UnaryOperatorKind.BitwiseNegation, long a) => ~a,
        (UnaryOperatorKind.BitwiseNegation, uint a) => ~a,
        (UnaryOperatorKind.BitwiseNegation, _) when IsNumber(x) => (int)~ToLong(x),
        _ => null,
    };

    public static bool AreEqual(object? left, object? right) =>
        left is float a && right is float b ? a == b                             // Equals finds NaN equal to itself
        : left is double c && right is double d ? c == d
        : left is not null && right is not null && IsNumber(left) && IsNumber(right) && left.GetType() != right.GetType()
            ? System.Convert.ToDouble(left is char l ? (int)l : left, CultureInfo.InvariantCulture) == System.Convert.ToDouble(right is char r ? (int)r : right, CultureInfo.InvariantCulture)
        : Equals(left, right);

    public static bool TuplesEqual(TupleValue left, TupleValue right) =>
        left.Items.Length == right.Items.Length && left.Items.Zip(right.Items, (a, b) => a is TupleValue c && b is TupleValue d ? TuplesEqual(c, d) : AreEqual(a, b)).All(equal => equal);

    public static int? Compare(object? left, object? right) =>
        left is null || right is null || left is not IComparable comparable || left.GetType() != right.GetType() ? null
        : left is string a && right is string b ? string.CompareOrdinal(a, b)
        : comparable.CompareTo(right);

    /// <summary>A float as the number its user wrote: 0.1f is 0.1, not 0.100000001, in a program in double.</summary>
    public static double Widen(float value)
    {
        if (float.IsNaN(value) || float.IsInfinity(value) || value == 0)
            return value;
        for (var digits = 6; digits <= 9; digits++)
            if (double.Parse(value.ToString("G" + digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) is var wide && (float)wide == value)
                return wide;
        return value;
    }

    public static long ToLong(object? value) => value is char c ? c : System.Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static object? Cut(object? value, SpecialType type, bool @checked) => value is long ? Convert(value, type, @checked) : value;

    private static object Shift(BinaryOperatorKind kind, int a, int b) =>
        kind == BinaryOperatorKind.LeftShift ? a << b : kind == BinaryOperatorKind.RightShift ? a >> b : a >>> b;

    private static object Shift(BinaryOperatorKind kind, long a, int b) =>
        kind == BinaryOperatorKind.LeftShift ? a << b : kind == BinaryOperatorKind.RightShift ? a >> b : a >>> b;

    // Operands of 32 bits or less, so that nothing overflows here.
    private static object? Integer(BinaryOperatorKind kind, long a, long b) => Long(kind, a, b, @checked: true);

    private static object? Long(BinaryOperatorKind kind, long a, long b, bool @checked) => kind switch
    {
        BinaryOperatorKind.Add => @checked ? checked(a + b) : unchecked(a + b),
        BinaryOperatorKind.Subtract => @checked ? checked(a - b) : unchecked(a - b),
        BinaryOperatorKind.Multiply => @checked ? checked(a * b) : unchecked(a * b),
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => b == -1 ? 0L : a % b,
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        BinaryOperatorKind.GreaterThanOrEqual => a >= b,
        _ => null,
    };

    private static object? Unsigned(BinaryOperatorKind kind, ulong a, ulong b, bool @checked) => kind switch
    {
        BinaryOperatorKind.Add => @checked ? checked(a + b) : unchecked(a + b),
        BinaryOperatorKind.Subtract => @checked ? checked(a - b) : unchecked(a - b),
        BinaryOperatorKind.Multiply => @checked ? checked(a * b) : unchecked(a * b),
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        BinaryOperatorKind.GreaterThanOrEqual => a >= b,
        _ => null,
    };

    private static object? Single(BinaryOperatorKind kind, float a, float b) => Double(kind, a, b) switch
    {
        double real => (float)real,                     // rounding twice is exact for + - * / of two floats
        var other => other,
    };

    private static object? Double(BinaryOperatorKind kind, double a, double b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        BinaryOperatorKind.GreaterThanOrEqual => a >= b,
        _ => null,
    };

    private static object? Decimal(BinaryOperatorKind kind, decimal a, decimal b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        BinaryOperatorKind.GreaterThanOrEqual => a >= b,
        _ => null,
    };

    private static object? Logic(BinaryOperatorKind kind, bool a, bool b) => kind switch
    {
        BinaryOperatorKind.And or BinaryOperatorKind.ConditionalAnd => a & b,
        BinaryOperatorKind.Or or BinaryOperatorKind.ConditionalOr => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        _ => null,
    };
}
