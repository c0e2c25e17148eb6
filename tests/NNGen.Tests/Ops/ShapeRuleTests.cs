using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops;

/// <summary>
/// Shape rules are total: whatever the operands and attributes are, a rule gives a fault or a type, and where it gives a type the definition reads inside its operands
/// and the gradient rule gives cotangents of the operands' types.
/// </summary>
public class ShapeRuleTests
{
    const int Cases = 300;

    public static TheoryData<string> Rows => [.. Primitives.All.Where(op => !Leaves.IsStored(op.Name)).Select(op => op.Name)];

    [Theory, MemberData(nameof(Rows))]
    public void Shape_OfSpoiledOperands_IsAFaultOrHolds(string name)
    {
        for (var number = 0; number < Cases; number++)
        {
            var draw = new Draw(name, 1_000_000 + number);
            var @case = RowCases.Of(name, draw);
            var (op, attributes) = @case.Row!.Value;
            TensorType[] types = [.. @case.Operands.Select(o => o.Type)];
            for (var spoil = draw.Int(1, 2); spoil > 0; spoil--)
                if (types.Length > 0 && draw.Flip())
                {
                    var at = draw.Int(0, types.Length - 1);
                    types[at] = Spoiled(draw, types[at]);
                }
                else
                    attributes = Spoiled(draw, attributes);
            Holds(op, types, attributes, draw);
        }
    }

    static void Holds(Op op, TensorType[] types, Attributes attributes, Draw draw)
    {
        var what = $"{op.Name}({attributes.Integers} {attributes.Reals} {attributes.Text}) of {string.Join(", ", types.Select(t => t.ToString()))}";
        Shaped shaped;
        try
        {
            shaped = op.Shape([.. types], attributes);
        }
        catch (Exception error)
        {
            Assert.Fail($"{what} threw {error.GetType().Name}: {error.Message}");
            return;
        }
        Assert.True(shaped.Type is null != shaped.Fault is null, $"{what}: neither a type nor a fault, or both");
        if (shaped.Type is not { } type)
            return;
        Assert.True(type.Sizes.All(size => size >= 1), $"{what} : {type}");
        if (type.Elements > 2000)
            return;
        try
        {
            Given[] operands = [.. types.Select((t, k) => draw.Operand($"x{k}", t, 2, () => t.Type == DType.F32 ? draw.Real(0.5, 1) : draw.Int(0, 1)))];
            var built = new Built(Case.Of(op, attributes, 2, operands, (_, _, _) => 0));
            Assert.Equal(type, built.Y.Type);
            GraphInterpreter.Run(built.Y, 2, built.Given);
        }
        catch (Exception error)
        {
            Assert.Fail($"{what} : {type}, but: {error.Message}");
        }
    }

    static TensorType Spoiled(Draw draw, TensorType type) => draw.Int(0, 3) switch
    {
        0 => type with { Batched = !type.Batched },
        1 => type with { Type = draw.Of(DType.I32, DType.Bool, DType.F32) },
        2 when type.Rank > 0 => type.WithSizes(Changed(draw, type.Sizes, size => Math.Max(1, size + draw.Of(-1, 1, 2)))),
        _ => type.WithSizes([.. draw.Sizes(draw.Int(0, 5), 3)]),
    };

    static Attributes Spoiled(Draw draw, Attributes attributes) => draw.Int(0, 4) switch
    {
        0 when attributes.Text.Length > 0 => attributes with { Text = draw.Of("", "ij", "ij,jk", "ii,ij->j", "i,j->k", "ij,jk->ik", "i,i->i", "k,jk->j", ",->", "i,->", "i,->i", ",i->", "ij,j->ii") },
        1 when attributes.Reals.Count > 0 => attributes with { Reals = [.. attributes.Reals.Skip(1)] },
        2 when attributes.Integers.Count > 0 => attributes with { Integers = [.. attributes.Integers.Take(attributes.Integers.Count - 1)] },
        3 => attributes with { Integers = [.. attributes.Integers, draw.Int(-1, 3)] },
        _ when attributes.Integers.Count > 0 => attributes with { Integers = Changed(draw, attributes.Integers, _ => draw.Int(-3, 6)) },
        _ => attributes,
    };

    static EquatableArray<int> Changed(Draw draw, EquatableArray<int> items, Func<int, int> change) =>
        draw.Int(0, items.Count - 1) is var at ? [.. items.Select((item, i) => i == at ? change(item) : item)] : items;

    /// <summary>Faults that users meet, with both shapes and what would fit.</summary>
    public static TheoryData<string, string, string, string> Faults => new()
    {
        // row                   attributes                operands                    fault
        { "convolution",         "1 1 0 0 0 0 1 1 1",      "[28, 28] [6, 1, 5, 5]",    "NNG1002: Conv needs [channels, height, width], got [28, 28]; Reshape it" },
        { "convolution",         "1 1 0 0 0 0 1 1 1",      "[2, 1, 4, 4] [6, 1, 5, 5]", "NNG1002: Conv needs [channels, height, width], got [2, 1, 4, 4]" },
        { "convolution",         "1 1 0 0 0 0 1 1 1",      "[1, 4, 4] [6, 1, 5, 5]",   "NNG1004: a 5 x 5 kernel does not fit into [1, 4, 4]; use a smaller kernel or more padding" },
        { "convolution",         "1 1 0 0 0 0 2 2 1",      "[1, 4, 4] [6, 1, 3, 3]",   "NNG1004: a 3 x 3 kernel dilated by 2 x 2 does not fit into [1, 4, 4]; use a smaller kernel or more padding" },
        { "convolution",         "1 1 0 0 0 0 1 1 2",      "[3, 4, 4] [6, 1, 3, 3]",   "NNG1005: Conv of 3 to 6 channels in 2 groups: the groups must divide both, with 1 input channels in each" },
        { "convolution",         "0 1 0 0 0 0 1 1 1",      "[1, 4, 4] [6, 1, 3, 3]",   "NNG1010: Conv: strides, dilations and groups must be at least 1, got 0, 1, 1, 1, 1" },
        { "convolution",         "1 1 0 -1 0 0 1 1 1",     "[1, 4, 4] [6, 1, 3, 3]",   "NNG1010: Conv: padding must not be negative; Slice takes away" },
        { "convolution_transposed", "1 1 0 0 0 0 1 1 1 4 4", "[2, 2, 2] [3, 1, 3, 3]", "NNG1005: ConvTranspose of 2 channels by kernels for 3 in 1 groups: both must be equal, and the groups divide them" },
        { "windows",             "2 2 0 0 0 0 1 1 1 2 2",  "[10]",                     "NNG1002: a window needs [channels, height, width], got [10]; Reshape it" },
        { "windows",             "2 2 0 0 0 0 1 1 1 5 5",  "[1, 4, 4]",                "NNG1004: a 5 x 5 window does not fit into [1, 4, 4]; use a smaller one or more padding" },
        { "sum",                 "-1",                     "[3, 4]",                   "NNG1007: sum over axes [-1], but [3, 4] has the axes 0 to 1" },
        { "sum",                 "1 1",                    "[3, 4]",                   "NNG1007: sum over axes [1, 1]: each axis once, in ascending order" },
        { "reshape",             "5 5",                    "[4, 6]",                   "NNG1006: Reshape to [5, 5] needs 25 elements, and [4, 6] has 24" },
        { "transpose",           "0 0",                    "[4, 6]",                   "NNG1007: Transpose(0, 0) must name each axis of [4, 6], 0 to 1, once" },
        { "slice",               "2 3 1",                  "[4]",                      "NNG1007: Slice from [2] of [3] elements in steps of [1] does not lie within [4]" },
        { "reverse",             "2",                      "[4, 6]",                   "NNG1007: Flip over axis [2], but [4, 6] has the axes 0 to 1" },
        { "concat",              "1",                      "[4, 6] [3, 6]",            "NNG1008: Concat along axis 1 needs parts equal in all other sizes, got [4, 6], [3, 6]" },
        { "add",                 "",                       "[4, 6] [4]",               "NNG1001: add cannot combine [4, 6] and [4]: sizes, aligned at the last axis, must be equal or 1; Reshape or Transpose one of them" },
        { "where",               "",                       "[4] [4] [4]",              "NNG1013: Where needs a comparison as its first operand" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Apply_ToWhatDoesNotFit_SaysWhatWouldBeRight(string row, string attributes, string operands, string fault)
    {
        var builder = new GraphBuilder();
        Value[] x = [.. operands.Split("] ").Select((sizes, k) => builder.Leaf(Leaves.Input, $"x{k}", TensorType.Real([.. Numbers(sizes.Trim('[', ']'), ", ")], true)))];
        if (row.StartsWith("convolution"))
            x[1] = builder.Leaf(Leaves.Parameter, "w", x[1].Type with { Batched = false });
        var real = row == "windows" ? [0.0] : Array.Empty<double>();

        Assert.True(builder.Apply(Primitives.Row(row), new Attributes([.. Numbers(attributes, " ")], [.. real], ""), x).IsUnknown);
        Assert.Equal(fault, Assert.Single(builder.Faults).ToString());
    }

    static IEnumerable<int> Numbers(string text, string between) =>
        text.Split(between, StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
}
