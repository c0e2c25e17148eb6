using NNGen.Generators.Graph;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>What a printed expression is: one value for the whole block, or a value per lane.</summary>
internal enum LaneKind { Real, Integer, Truth, Reals, Integers, Mask }

/// <summary>A printed expression. Atoms (variables, calls, literals) need no parentheses.</summary>
internal readonly record struct LaneText(string Code, LaneKind Kind, bool Atom = true)
{
    public bool PerLane => Kind >= LaneKind.Reals;

    public string Inside => Atom ? Code : $"({Code})";
}

/// <summary>How vectors of one width are spelt.</summary>
/// <param name="Type">`Vector512` or `Vector256`.</param>
/// <param name="Half">The variable that says which lane of a block a half vector begins with; null where a vector is a whole block.</param>
internal sealed record LaneDialect(string Type, string? Half = null)
{
    /// <summary>A block in one register.</summary>
    public static readonly LaneDialect Whole = new("Vector512");

    /// <summary>A block in two turns of half a block.</summary>
    public static readonly LaneDialect Halves = new("Vector256", "half");

    public bool IsHalf => Type == Halves.Type;

    private static readonly Dialect Scalars = Dialect.Float;

    public string Reals => $"{Type}<float>";

    public string Zero => $"{Type}<float>.Zero";

    public string Number(double value) => Scalars.Number(value);

    public string Load(string reference) => $"{Type}.LoadUnsafe(ref {reference}{At})";

    public string Store(LaneText value, string reference) => $"{Spread(value).Inside}.StoreUnsafe(ref {reference}{At});";

    /// <summary>Each second number from a place on, or each in two lanes.</summary>
    public string LoadSpaced(string reference, bool isTwice, bool isInteger)
    {
        var from = Half is null ? reference : $"Unsafe.Add(ref {reference}, {(isTwice ? $"(nint){Half} / 2" : $"2 * (nint){Half}")})";
        var call = $"LaneRows.{(isTwice ? "Twice" : "Second")}{Bits}(ref {(isInteger ? $"Unsafe.As<int, float>(ref {from})" : from)})";
        return isInteger ? call + ".AsInt32()" : call;
    }

    /// <summary>The lanes whose places lie within a size.</summary>
    /// <param name="start">The first lane's place.</param>
    /// <param name="size">The size.</param>
    /// <param name="step">From one lane's place to the next.</param>
    public string Inside(string start, int size, int step)
    {
        var own = Half is null ? "" : step == 1 ? $"(int){Half}" : $"{step} * (int){Half}";
        return $"LaneRows.Inside{Bits}({(own.Length == 0 ? start : start == "0" ? own : $"{start} + {own}")}, {size}{(step == 1 ? "" : $", {step}")})";
    }

    /// <summary>One vector in some lanes, another in all others.</summary>
    public LaneText Chosen(string mask, LaneText inside, LaneText outside) => inside.Kind == LaneKind.Integers
        ? new($"{Type}.ConditionalSelect({mask}.AsInt32(), {inside.Code}, {outside.Code})", LaneKind.Integers)
        : new($"{Type}.ConditionalSelect({mask}, {inside.Code}, {outside.Code})", inside.Kind);

    private string Bits => IsHalf ? "256" : "512";

    /// <summary>What a load or store says of the lane where it begins.</summary>
    public string At => Half is null ? "" : $", {Half}";

    /// <summary>a b + c, rounded once.</summary>
    public string MultiplyAdd(string a, string b, string c) => $"{Type}.FusedMultiplyAdd({a}, {b}, {c})";

    /// <summary>The same value in all lanes.</summary>
    public LaneText Spread(LaneText text) => text.Kind switch
    {
        LaneKind.Real => new(text.Code == Number(0) ? Zero : $"{Type}.Create({text.Code})", LaneKind.Reals),
        LaneKind.Integer => new($"{Type}.Create({text.Code})", LaneKind.Integers),
        LaneKind.Truth => new($"{Type}.Create({text.Code} ? -1 : 0).AsSingle()", LaneKind.Mask),
        _ => text,
    };

    public LaneText Apply(Function function, LaneText[] x) => x.Any(t => t.PerLane) ? Vector(function, [.. x.Select(t => function == Function.Select && t.Kind == LaneKind.Truth ? t : Spread(t))]) : Scalar(function, x);

    private LaneText Vector(Function function, LaneText[] x)
    {
        LaneText Infix(string sign) => new($"{x[0].Inside} {sign} {x[1].Inside}", LaneKind.Reals, Atom: false);
        LaneText Call(string name, LaneKind kind = LaneKind.Reals) => new($"{Type}.{name}({string.Join(", ", x.Select(t => t.Code))})", kind);
        LaneText Own(string name) => new($"LaneMath.{name}({string.Join(", ", x.Select(t => t.Code))})", LaneKind.Reals);
        LaneText Compare(string name) => x[0].Kind == LaneKind.Integers ? new(Call(name).Code + ".AsSingle()", LaneKind.Mask) : Call(name, LaneKind.Mask);
        return function switch
        {
            Function.Negate => new($"-{x[0].Inside}", LaneKind.Reals, Atom: false),
            Function.Add => Infix("+"),
            Function.Subtract => Infix("-"),
            Function.Multiply => Infix("*"),
            Function.Divide => Infix("/"),
            Function.Sqrt => Call("Sqrt"),
            Function.Abs => Call("Abs"),
            // The processor's maximum answers the second operand where one is NaN: the value, not the bound, so that NaN stays visible.
            Function.Max => new($"{Type}.MaxNative({x[1].Code}, {x[0].Code})", LaneKind.Reals),
            Function.Min => new($"{Type}.MinNative({x[1].Code}, {x[0].Code})", LaneKind.Reals),
            Function.Less => Compare("LessThan"),
            Function.LessOrEqual => Compare("LessThanOrEqual"),
            Function.Equal => Compare("Equals"),
            Function.And => new($"({x[0].Inside} & {x[1].Inside})", LaneKind.Mask),
            Function.Or => new($"({x[0].Inside} | {x[1].Inside})", LaneKind.Mask),
            Function.Not => new($"~{x[0].Inside}", LaneKind.Mask, Atom: false),
            Function.Real => x[0].Kind == LaneKind.Mask
                ? new($"({x[0].Inside} & {Type}.Create(1f))", LaneKind.Reals)
                : new($"{Type}.ConvertToSingle({x[0].Code})", LaneKind.Reals),
            Function.Select when x[0].Kind == LaneKind.Truth => new($"{x[0].Inside} ? {x[1].Inside} : {x[2].Inside}", x[1].Kind, Atom: false),
            Function.Select => new($"{Type}.ConditionalSelect({x[0].Code}, {x[1].Code}, {x[2].Code})", x[1].Kind),
            Function.Power => Own("Pow"),
            _ => Own(function.ToString()),
        };
    }

    private static LaneText Scalar(Function function, LaneText[] x)
    {
        LaneText Infix(string sign, LaneKind kind = LaneKind.Real) => new($"{x[0].Inside} {sign} {x[1].Inside}", kind, Atom: false);
        return function switch
        {
            Function.Negate => new($"-{x[0].Inside}", LaneKind.Real, Atom: false),
            Function.Add => Infix("+"),
            Function.Subtract => Infix("-"),
            Function.Multiply => Infix("*"),
            Function.Divide => Infix("/"),
            Function.Less => Infix("<", LaneKind.Truth),
            Function.LessOrEqual => Infix("<=", LaneKind.Truth),
            Function.Equal => Infix("==", LaneKind.Truth),
            Function.And => Infix("&&", LaneKind.Truth),
            Function.Or => Infix("||", LaneKind.Truth),
            Function.Not => new($"!{x[0].Inside}", LaneKind.Truth, Atom: false),
            Function.Real when x[0].Kind == LaneKind.Truth => new($"{x[0].Inside} ? 1f : 0f", LaneKind.Real, Atom: false),
            Function.Real => new($"(float){x[0].Inside}", LaneKind.Real, Atom: false),
            Function.Select => new($"{x[0].Inside} ? {x[1].Inside} : {x[2].Inside}", x[1].Kind, Atom: false),
            _ => new(Scalars.Call(function, x.Select(t => t.Code)), LaneKind.Real),
        };
    }
}
