using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>
/// Sums of products over named axes, as in Einstein notation: `k,jk->j` is a dense layer. A letter of both operands that the result lacks is summed;
/// each letter stands in at least two of the three, and once in each. With attribute 1 the sum runs over the batch as well (a shared weight's gradient).
/// </summary>
public static class Contractions
{
    public static readonly Op Contract = new("contract", OpKind.Contraction, Shape, Define, Pull, Domain.Any, "Einsum");

    public static Value Of(string spec, Value a, Value b, bool sumBatch = false) =>
        a.Builder.Apply(Contract, new Attributes([sumBatch ? 1 : 0], [], spec), a, b);

    private static (string A, string B, string Result) Letters(string spec) =>
        spec.Split([",", "->"], StringSplitOptions.None) is [var a, var b, var result] ? (a, b, result) : ("", "", "?");

    // Also false for a specification that is not of the form a,b->c.
    private static bool Pairs(string a, string b, string result) =>
        new[] { a, b, result }.All(letters => letters.Distinct().Count() == letters.Length)
        && (a + b + result).All(letter => (a + b + result).Count(other => other == letter) >= 2);

    private static Shaped Shape(EquatableArray<TensorType> x, Attributes attributes)
    {
        var (a, b, result) = Letters(attributes.Text);
        if ((Demands.Real("contract", x) ?? Demands.Count("contract", attributes, 1)) is { } fault)
            return fault;
        if (!Pairs(a, b, result) || attributes.Integers[0] is not (0 or 1))
            return new Fault("NNG1010", $"contract {attributes.Text}, {attributes.Integers[0]}: "
                + "each letter must stand in two of a,b->c, and the number be 0, or 1 to sum over the batch");
        if (a.Length != x[0].Rank || b.Length != x[1].Rank)
            return new Fault("NNG1002", $"contract {attributes.Text} needs {a.Length} and {b.Length} axes, got {x[0].Sizes} and {x[1].Sizes}");
        var sizes = new Dictionary<char, int>();
        foreach (var (letter, size) in a.Zip(x[0].Sizes, (l, s) => (l, s)).Concat(b.Zip(x[1].Sizes, (l, s) => (l, s))))
            if (!sizes.TryGetValue(letter, out var known))
                sizes[letter] = size;
            else if (known != size)
                return new Fault("NNG1012", $"the inner sizes of {x[0].Sizes} and {x[1].Sizes} differ: {known} and {size}");
        var batched = x.Any(t => t.Batched);
        if (!batched && attributes.Integers[0] == 1)
            return new Fault("NNG1014", $"contract {attributes.Text} over the batch needs a value per sample, "
                + $"and {x[0].Sizes} and {x[1].Sizes} are shared by the batch");
        return TensorType.Real(result.Select(letter => sizes[letter]).ToEquatableArray(), batched && attributes.Integers[0] == 0);
    }

    private static Scalar Define(Application application, Point at, Operand operand)
    {
        var (a, b, result) = Letters(application.Attributes.Text);
        var (x, z) = (application.Inputs[0], application.Inputs[1]);
        var subscripts = result.Select((letter, i) => (letter, at: at[i])).ToDictionary(p => p.letter, p => p.at);
        var axes = new List<Axis>();
        var sample = at.Sample;
        if (application[0] == 1)
        {
            axes.Add(new Axis("n", Axis.Batch));
            sample = axes[0];
        }
        foreach (var letter in a.Where(letter => !subscripts.ContainsKey(letter)).ToArray())
        {
            axes.Add(new Axis(letter.ToString(), x.Sizes[a.IndexOf(letter)]));
            subscripts[letter] = axes[^1];
        }
        Scalar Element(int k, string letters) => operand(k, new Point(sample, letters.Select(letter => subscripts[letter]).ToEquatableArray()));
        var product = Elementwise.Call(Function.Multiply, Element(0, a), Element(1, b));
        return axes.Count == 0 ? product : new Scalar.Reduce(Reducer.Sum, axes.ToEquatableArray(), product);
    }

    // d a = sum over what a lacks of ct b: the same op with the result and an operand changing places.
    private static IReadOnlyList<Value?> Pull(Pullback p)
    {
        var (a, b, result) = Letters(p.Application.Attributes.Text);
        return [Side(p.X[0], p.X[1], a, b), Side(p.X[1], p.X[0], b, a)];

        Value Side(Value own, Value other, string ownLetters, string otherLetters)
        {
            var batched = p.Ct.Type.Batched || other.Type.Batched;
            var ct = Of($"{result},{otherLetters}->{ownLetters}", p.Ct, other, sumBatch: batched && !own.Type.Batched);
            return ct.Type.Batched == own.Type.Batched ? ct : Broadcasting.To(ct, own.Type.Sizes, own.Type.Batched);
        }
    }
}
