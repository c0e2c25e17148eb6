using NNGen.Generators.Graph;

namespace NNGen.Generators.Ops.Derived;

/// <summary>Sizes and places: graph functions over movements.</summary>
public static class Shapes
{
    public static Value Reshape(Value x, params int[] sizes) =>
        x.IsUnknown ? x : sizes.Any(size => size < 1)
            ? x.Builder.Faulty("NNG1006", $"Reshape to [{string.Join(", ", sizes)}]: sizes must be positive")
            : x.Type.Sizes.SequenceEqual(sizes) ? x : x.Builder.Apply(Movements.Reshape, Attributes.Of(sizes), x);

    public static Value Flatten(Value x) => x.IsUnknown ? x : Reshape(x, x.Type.Elements);

    public static Value Transpose(Value x, params int[] axes) => x.Builder.Apply(Movements.Transpose, Attributes.Of(axes), x);

    public static Value Concat(int axis, params Value[] parts) =>
        parts is [{ IsUnknown: false } only] && axis >= 0 && axis < only.Type.Rank ? only : parts[0].Builder.Apply(Movements.Concat, Attributes.Of(axis), parts);

    public static Value Flip(Value x, int axis) => x.Builder.Apply(Movements.Reverse, Attributes.Of(axis), x);

    public static Value Slice(Value x, int axis, int start, int length, int step = 1)
    {
        if (x.IsUnknown)
            return x;
        var sizes = x.Type.Sizes;
        if (axis < 0 || axis >= sizes.Count)
            return x.Builder.Faulty("NNG1007", $"Slice along axis {axis}, but {sizes} has the axes 0 to {sizes.Count - 1}");
        int Here(int i, int there, int here) => i == axis ? here : there;
        return x.Builder.Apply(Movements.Slice, Attributes.Of(
            [.. sizes.Select((_, i) => Here(i, 0, start)), .. sizes.Select((s, i) => Here(i, s, length)), .. sizes.Select((_, i) => Here(i, 1, step))]), x);
    }

    /// <summary>Zeros around the last two axes of [C, H, W].</summary>
    public static Value PadZero(Value x, int top, int bottom, int left, int right) =>
        Map(x, "Pad", map => top < 0 || bottom < 0 || left < 0 || right < 0
            ? x.Builder.Faulty("NNG1010", $"Pad by {top}, {bottom}, {left}, {right}: padding must not be negative; Slice takes away")
            : x.Builder.Apply(Movements.Place, Attributes.Of(map[0], map[1] + top + bottom, map[2] + left + right, 0, top, left, 1, 1, 1), x));

    /// <summary>The map mirrored at its borders, which are not repeated.</summary>
    public static Value PadReflect(Value x, int top, int bottom, int left, int right) =>
        Map(x, "Pad", map => Math.Max(top, bottom) >= map[1] || Math.Max(left, right) >= map[2] || Math.Min(Math.Min(top, bottom), Math.Min(left, right)) < 0
            ? x.Builder.Faulty("NNG1010", $"Pad by {top}, {bottom}, {left}, {right}: a mirrored border needs 0 to size - 1 rows and columns of {x.Type.Sizes}")
            : Around(Around(x, 1, top, bottom, mirrored: true), 2, left, right, mirrored: true));

    /// <summary>The map's border rows and columns repeated.</summary>
    public static Value PadReplicate(Value x, int top, int bottom, int left, int right) =>
        Map(x, "Pad", map => Math.Min(Math.Min(top, bottom), Math.Min(left, right)) < 0
            ? x.Builder.Faulty("NNG1010", $"Pad by {top}, {bottom}, {left}, {right}: padding must not be negative; Slice takes away")
            : Around(Around(x, 1, top, bottom, mirrored: false), 2, left, right, mirrored: false));

    /// <summary>Each pixel repeated factor x factor times.</summary>
    public static Value UpsampleNearest(Value x, int factor) =>
        Map(x, "Upsample", map => factor < 1
            ? x.Builder.Faulty("NNG1010", $"Upsample({factor}): the factor must be at least 1")
            : Reshape(Broadcasting.Along(x, [map[0], map[1], factor, map[2], factor], x.Type.Batched, [0, 1, 3]), map[0], map[1] * factor, map[2] * factor));

    /// <summary>[C r r, H, W] to [C, H r, W r] (Shi et al. 2016, eq. 4; channel order as in PyTorch).</summary>
    public static Value PixelShuffle(Value x, int factor) =>
        Map(x, "PixelShuffle", map => factor < 1 || map[0] % ((long)factor * factor) != 0
            ? x.Builder.Faulty("NNG1010", $"PixelShuffle({factor}) needs channels divisible by {(long)factor * factor}, got {x.Type.Sizes}")
            : Reshape(Transpose(Reshape(x, map[0] / (factor * factor), factor, factor, map[1], map[2]), 0, 3, 1, 4, 2), map[0] / (factor * factor), map[1] * factor, map[2] * factor));

    /// <summary>Applies a function to a map [C, H, W]; another rank is a fault.</summary>
    internal static Value Map(Value x, string layer, Func<int[], Value> function) =>
        x.IsUnknown ? x : x.Type.Rank == 3 ? function([.. x.Type.Sizes])
            : x.Builder.Faulty("NNG1002", $"{layer} needs [channels, height, width], got {x.Type.Sizes}{(x.Type.Rank < 3 ? "; Reshape it" : "")}");

    private static Value Around(Value x, int axis, int before, int after, bool mirrored)
    {
        if (x.IsUnknown)
            return x;
        var size = x.Type.Sizes[axis];
        Value Border(int start, int count, int edge) => mirrored
            ? Flip(Slice(x, axis, start, count), axis)
            : Broadcasting.To(Slice(x, axis, edge, 1), [.. x.Type.Sizes.Select((s, i) => i == axis ? count : s)], x.Type.Batched);
        List<Value> parts = [x];
        if (before > 0)
            parts.Insert(0, Border(1, before, 0));
        if (after > 0 && !parts[0].IsUnknown)
            parts.Add(Border(size - 1 - after, after, size - 1));
        return Concat(axis, [.. parts]);
    }
}
