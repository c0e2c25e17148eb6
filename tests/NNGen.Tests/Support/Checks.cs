using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Tests.Support;

/// <summary>What must hold for every differentiable function of a graph, checked in double.</summary>
internal static class Checks
{
    const double Step = 1e-5;

    /// <summary>The value is what the independent formula says.</summary>
    public static void Value(Case @case)
    {
        var built = new Built(@case);
        var actual = GraphInterpreter.Run(built.Y, @case.Samples, built.Given, @case.Training);
        Dense[] x = [.. @case.Operands.Select(o => o.Dense)];
        var expected = Dense.Fill(built.Y.Type, @case.Samples, (n, at) => @case.Expected(x, n, at));
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
            Assert.True(Near(expected[i], actual[i], 1e-9), $"{@case}: element {i} is {actual[i]:R} and should be {expected[i]:R}");
    }

    /// <summary>|g - fd| &lt;= 1e-6 max(1, |g|) for each element of each real operand, g from the gradient rules and a random cotangent.</summary>
    public static void Gradient(Case @case, Draw draw)
    {
        var built = new Built(@case);
        var ct = draw.Reals(Count(built.Ct.Type, @case.Samples));
        var forward = GraphInterpreter.Of(built.Builder.Build(("y", built.Y)), @case.Samples, @case.Training);
        var gradients = Evaluate(built, With(built.Given, ("ct", ct)), built.Gradients);
        for (var k = 0; k < built.X.Length; k++)
            if (!@case.Operands[k].IsReal)
                Assert.True(built.Gradients[k] is null, $"{@case}: operand {k} is not real and has a cotangent");
            else if (@case.Stopped.Contains(k))
                Assert.True(built.Gradients[k] is null, $"{@case}: a gradient flows to operand {k}");
            else
                Compare($"{@case}: operand {k}", gradients[k], built.Given, @case.Operands[k].Name, given => Dot(ct, forward.Run(given, "y")));
    }

    /// <summary>The same for the gradient's own gradient: with respect to each operand and to the cotangent.</summary>
    public static void SecondGradient(Case @case, Draw draw)
    {
        var built = new Built(@case);
        var used = Enumerable.Range(0, built.X.Length).Where(k => built.Gradients[k] is not null).ToArray();
        if (used.Length == 0)
            return;
        var u = used.Select(k => built.Builder.Leaf(Leaves.Target, $"u{k}", built.X[k].Type)).ToArray();
        var given = With(built.Given, [("ct", draw.Reals(Count(built.Ct.Type, @case.Samples))), .. used.Select(k => ($"u{k}", draw.Reals(@case.Operands[k].Values.Length)))]);
        Value[] leaves = [.. built.X, built.Ct];
        var second = ReverseMode.Pull(built.Builder, [.. used.Select((k, i) => (built.Gradients[k]!.Value, u[i]))], leaves);
        Assert.Empty(TypeChecker.Check(built.Builder.Build()));
        var first = GraphInterpreter.Of(built.Builder.Build([.. used.Select(k => ($"g{k}", built.Gradients[k]!.Value))]), @case.Samples, @case.Training);
        var names = @case.Operands.Select(o => o.Name).Append("ct").ToArray();
        var values = Evaluate(built, given, second);
        for (var j = 0; j < leaves.Length; j++)
            if (leaves[j].Type.Type == DType.F32)
                Compare($"{@case}: the gradient's gradient in {names[j]}", values[j], given, names[j], at =>
                {
                    var all = first.Run(at);
                    return used.Sum(k => Dot(at[$"u{k}"], all[built.Gradients[k]!.Value.Id]!));
                });
    }

    /// <summary>Vjp(a ct + b ct') = a Vjp(ct) + b Vjp(ct').</summary>
    public static void LinearInTheCotangent(Case @case, Draw draw)
    {
        var built = new Built(@case);
        var count = Count(built.Ct.Type, @case.Samples);
        var (a, b, first, second) = (draw.Real(-2, 2), draw.Real(-2, 2), draw.Reals(count), draw.Reals(count));
        var sum = first.Zip(second, (p, q) => a * p + b * q).ToArray();
        double[]?[] At(double[] ct) => Evaluate(built, With(built.Given, ("ct", ct)), built.Gradients);
        var (g, h, both) = (At(first), At(second), At(sum));
        for (var k = 0; k < both.Length; k++)
            for (var i = 0; i < (both[k]?.Length ?? 0); i++)
                Assert.True(Near(a * g[k]![i] + b * h[k]![i], both[k]![i], 1e-9), $"{@case}: the gradient in operand {k} is not linear in the cotangent");
    }

    /// <summary>With y(v) = A v + c for an operand v, the others fixed: &lt;y(v) - y(0), w&gt; = &lt;v, A' w&gt;.</summary>
    public static void Adjoint(Case @case, Draw draw)
    {
        var built = new Built(@case);
        var w = draw.Reals(Count(built.Y.Type, @case.Samples));
        var forward = GraphInterpreter.Of(built.Builder.Build(("y", built.Y)), @case.Samples, @case.Training);
        var gradients = Evaluate(built, With(built.Given, ("ct", w)), built.Gradients);
        foreach (var k in @case.Affine)
        {
            var v = @case.Operands[k];
            var zero = With(built.Given, (v.Name, new double[v.Values.Length]));
            var left = Dot(w, forward.Run(built.Given, "y")) - Dot(w, forward.Run(zero, "y"));
            Assert.True(Near(left, Dot(v.Values, gradients[k]!), 1e-9), $"{@case}: <A v, w> is {left:R} and <v, A' w> {Dot(v.Values, gradients[k]!):R} in operand {k}");
        }
    }

    /// <summary>All of the above.</summary>
    public static void All(Case @case, Draw draw)
    {
        Value(@case);
        Gradient(@case, draw);
        LinearInTheCotangent(@case, draw);
        Adjoint(@case, draw);
        if (!@case.Once)
            SecondGradient(@case, draw);
    }

    public static bool Near(double expected, double actual, double tolerance) =>
        expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected));

    static void Compare(string what, double[]? gradient, Dictionary<string, double[]> given, string name, Func<Dictionary<string, double[]>, double> function)
    {
        var x = given[name];
        for (var i = 0; i < x.Length; i++)
        {
            var here = x[i];
            x[i] = here + Step;
            var above = function(given);
            x[i] = here - Step;
            var below = function(given);
            x[i] = here;
            var (g, difference) = (gradient?[i] ?? 0, (above - below) / (2 * Step));
            Assert.True(Math.Abs(g - difference) <= 1e-6 * Math.Max(1, Math.Abs(g)), $"{what}: element {i} has gradient {g:R}, and differences say {difference:R}");
        }
    }

    static double[]?[] Evaluate(Built built, Dictionary<string, double[]> given, IReadOnlyList<Value?> values)
    {
        var named = values.OfType<Value>().Select((value, i) => ($"{i}", value)).ToArray();
        var all = named.Length == 0 ? [] : GraphInterpreter.Of(built.Builder.Build(named), built.Case.Samples, built.Case.Training).Run(given);
        return [.. values.Select(value => value is { } v ? all[v.Id] : null)];
    }

    static Dictionary<string, double[]> With(Dictionary<string, double[]> given, params (string Name, double[] Values)[] more)
    {
        var all = new Dictionary<string, double[]>(given);
        foreach (var (name, values) in more)
            all[name] = values;
        return all;
    }

    static int Count(TensorType type, int samples) => type.Elements * (type.Batched ? samples : 1);

    static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
