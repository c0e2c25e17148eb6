using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

/// <summary>A call of a vocabulary member: typed access to its arguments, and where its faults go.</summary>
internal sealed class VocabularyCall(
    Evaluator evaluator, ISymbol member, object? receiver, object?[] arguments, IOperation at, IReadOnlyList<IArgumentOperation>? written)
{
    public Evaluator Evaluator => evaluator;

    public GraphBuilder Graph => evaluator.Graph;

    public ISymbol Member => member;

    public string Name => member.Name;

    public Location At { get; } = at.Syntax.GetLocation();

    public IOperation Operation => at;

    public IReadOnlyList<IArgumentOperation>? Written => written;

    /// <summary>Where an argument is written, or the whole call where it is not.</summary>
    public Location Place(int argument) => written?.FirstOrDefault(a => a.Parameter?.Ordinal == argument) switch
    {
        { ArgumentKind: ArgumentKind.Explicit, Value.Syntax: var syntax } => syntax.GetLocation(),
        { ArgumentKind: ArgumentKind.ParamArray, Value: IArrayCreationOperation { Initializer.ElementValues: { Length: > 0 } values } } =>
            Location.Create(values[0].Syntax.SyntaxTree, TextSpan.FromBounds(values[0].Syntax.SpanStart, values[values.Length - 1].Syntax.Span.End)),
        _ => At,
    };

    public object? Receiver => receiver;

    public int Count => arguments.Length;

    public object? this[int argument] => arguments[argument];

    public int Int(int argument) => (int)arguments[argument]!;

    public bool Flag(int argument) => (bool)arguments[argument]!;

    public double Real(int argument) => Arithmetic.Widen((float)arguments[argument]!);

    public string Text(int argument) => (string)arguments[argument]!;

    public Value Tensor(int argument) => (Value)arguments[argument]!;

    /// <summary>A tensor, or a number as one.</summary>
    public Value Operand(int argument) => arguments[argument] is float number ? Graph.Literal(Arithmetic.Widen(number)) : (Value)arguments[argument]!;

    public Value Self => (Value)receiver!;

    public LabelsValue Labels(int argument) => (LabelsValue)arguments[argument]!;

    public Function Layer(int argument) => (Function)arguments[argument]!;

    public int[] Ints(int argument) => [.. ((Sequence)arguments[argument]!).Items.Select(item => (int)item!)];

    public Value[] Tensors(int argument) => [.. ((Sequence)arguments[argument]!).Items.Select(item => (Value)item!)];

    public (int Height, int Width) Pair(int argument) => arguments[argument] is TupleValue { Items: [int height, int width] } ? (height, width) : default;

    public Unknown Fault(string id, int argument, params string[] message)
    {
        evaluator.Report(id, Place(argument), message);
        return Unknown.Value;
    }

    /// <summary>Whether all arguments are known and of the kinds that the member's parameters ask for; in erroneous code they may not be.</summary>
    public bool IsKnown
    {
        get
        {
            if (receiver is Unknown || member is { IsStatic: false } and not IMethodSymbol { MethodKind: MethodKind.Constructor } && receiver is not Value)
                return member.IsStatic || member.ContainingType.IsExtension;
            if (member is not IMethodSymbol method)
                return true;
            for (var i = 0; i < method.Parameters.Length; i++)
                if (i >= arguments.Length || !Fits(arguments[i], method.Parameters[i]))
                    return false;
            return true;
        }
    }

    private static bool Fits(object? value, IParameterSymbol parameter) => parameter.Type switch
    {
        { SpecialType: SpecialType.System_Int32 } => value is int,
        { SpecialType: SpecialType.System_Single } => value is float,
        { SpecialType: SpecialType.System_Boolean } => value is bool,
        { SpecialType: SpecialType.System_String } => value is string || value is null && parameter.IsOptional,
        { TypeKind: TypeKind.Enum } => value is int,
        { Name: "Initializer" } => value is InitializerSpec || value is null && parameter.IsOptional,
        { TypeKind: TypeKind.Delegate } => value is Function,
        { Name: "Labels" } => value is LabelsValue,
        { Name: "Tensor" or "Scalar" or "Mask" } => value is Value { IsUnknown: false },
        INamedTypeSymbol { IsTupleType: true } tuple => value is TupleValue t && t.Items.Length == tuple.TupleElements.Length && t.Items.All(i => i is int),
        IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Int32 } => value is Sequence s && s.Items.All(i => i is int),
        IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Single } => value is Sequence s && s.Items.All(i => i is float),
        IArrayTypeSymbol => value is Sequence s && s.Items.All(i => i is Value { IsUnknown: false }),
        _ => value is not Unknown,
    };
}
