using NNGen.Generators.Graph;

namespace NNGen.Generators.Ops;

/// <summary>A node under construction, with the operators that Vjps and derived ops are written in. An unknown value is what a fault leaves
/// behind: whatever is computed from it is unknown as well, in silence.</summary>
public readonly record struct Value(GraphBuilder Builder, int Id)
{
    public bool IsUnknown => Id < 0;

    public TensorType Type => Builder.Node(Id).Type;

    public static Value operator +(Value x, Value y) => x.Builder.Apply(Elementwise.Add, x, y);

    public static Value operator -(Value x, Value y) => x.Builder.Apply(Elementwise.Subtract, x, y);

    public static Value operator *(Value x, Value y) => x.Builder.Apply(Elementwise.Multiply, x, y);

    public static Value operator /(Value x, Value y) => x.Builder.Apply(Elementwise.Divide, x, y);

    public static Value operator -(Value x) => x.Builder.Apply(Elementwise.Negate, x);

    public static Value operator +(Value x, double y) => x + x.Builder.Literal(y);

    public static Value operator +(double x, Value y) => y.Builder.Literal(x) + y;

    public static Value operator -(Value x, double y) => x - x.Builder.Literal(y);

    public static Value operator -(double x, Value y) => y.Builder.Literal(x) - y;

    public static Value operator *(Value x, double y) => x * x.Builder.Literal(y);

    public static Value operator *(double x, Value y) => y.Builder.Literal(x) * y;

    public static Value operator /(Value x, double y) => x / x.Builder.Literal(y);

    public static Value operator /(double x, Value y) => y.Builder.Literal(x) / y;

    public static Value operator <(Value x, Value y) => x.Builder.Apply(Elementwise.Less, x, y);

    public static Value operator >(Value x, Value y) => x.Builder.Apply(Elementwise.Less, y, x);

    public static Value operator <(Value x, double y) => x < x.Builder.Literal(y);

    public static Value operator >(Value x, double y) => x > x.Builder.Literal(y);
}
