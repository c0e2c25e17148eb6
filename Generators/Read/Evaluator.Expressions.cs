using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private object? Dispatch(IOperation operation) => operation.Kind switch
    {
        OperationKind.LocalReference            => Local((ILocalReferenceOperation)operation),
        OperationKind.ParameterReference        => Parameter((IParameterReferenceOperation)operation),
        OperationKind.Conversion                => Convert((IConversionOperation)operation),
        OperationKind.Invocation                => Invocation((IInvocationOperation)operation),
        OperationKind.Binary                    => Binary((IBinaryOperation)operation),
        OperationKind.Unary                     => Unary((IUnaryOperation)operation),
        OperationKind.PropertyReference         => Property((IPropertyReferenceOperation)operation),
        OperationKind.FieldReference            => Field((IFieldReferenceOperation)operation),
        OperationKind.DelegateCreation          => Evaluate(((IDelegateCreationOperation)operation).Target),
        OperationKind.MethodReference           => Method((IMethodReferenceOperation)operation),
        OperationKind.AnonymousFunction         => Lambda((IAnonymousFunctionOperation)operation),
        OperationKind.Conditional               => Conditional((IConditionalOperation)operation),
        OperationKind.SimpleAssignment          => Assignment((ISimpleAssignmentOperation)operation),
        OperationKind.CompoundAssignment        => CompoundAssignment((ICompoundAssignmentOperation)operation),
        OperationKind.DeconstructionAssignment  => DeconstructionAssignment((IDeconstructionAssignmentOperation)operation),
        OperationKind.CoalesceAssignment        => CoalesceAssignment((ICoalesceAssignmentOperation)operation),
        OperationKind.Increment or OperationKind.Decrement => Increment((IIncrementOrDecrementOperation)operation),
        OperationKind.Coalesce                  => Coalesce((ICoalesceOperation)operation),
        OperationKind.ConditionalAccess         => ConditionalAccess((IConditionalAccessOperation)operation),
        OperationKind.ConditionalAccessInstance => accessed.Peek(),
        OperationKind.Tuple                     => Tuple((ITupleOperation)operation),
        OperationKind.TupleBinaryOperator       => TupleComparison((ITupleBinaryOperation)operation),
        OperationKind.ArrayCreation             => ArrayCreation((IArrayCreationOperation)operation),
        OperationKind.ArrayElementReference     => ArrayElement((IArrayElementReferenceOperation)operation),
        OperationKind.ImplicitIndexerReference  => ImplicitIndexer((IImplicitIndexerReferenceOperation)operation),
        OperationKind.CollectionExpression      => Collection((ICollectionExpressionOperation)operation),
        OperationKind.ObjectCreation            => ObjectCreation((IObjectCreationOperation)operation),
        OperationKind.AnonymousObjectCreation   => AnonymousObject((IAnonymousObjectCreationOperation)operation),
        OperationKind.TypeParameterObjectCreation => TypeParameterObject((ITypeParameterObjectCreationOperation)operation),
        OperationKind.With                      => With((IWithOperation)operation),
        OperationKind.InstanceReference         => InstanceReference((IInstanceReferenceOperation)operation),
        OperationKind.IsPattern                 => IsPattern((IIsPatternOperation)operation),
        OperationKind.IsType                    => IsType((IIsTypeOperation)operation),
        OperationKind.SwitchExpression          => SwitchExpression((ISwitchExpressionOperation)operation),
        OperationKind.InterpolatedString        => Interpolated((IInterpolatedStringOperation)operation),
        OperationKind.InterpolatedStringHandlerCreation => Evaluate(((IInterpolatedStringHandlerCreationOperation)operation).Content),
        OperationKind.DefaultValue              => Default(operation.Type),
        OperationKind.Range                     => Range((IRangeOperation)operation),
        OperationKind.DeclarationExpression     => Evaluate(((IDeclarationExpressionOperation)operation).Expression),
        OperationKind.Parenthesized             => Evaluate(((IParenthesizedOperation)operation).Operand),
        OperationKind.TypeOf                    => Resolve(((ITypeOfOperation)operation).TypeOperand),
        OperationKind.Throw                     => Throw((IThrowOperation)operation),
        OperationKind.Discard                   => Unknown.Value,
        OperationKind.Invalid                   => Unknown.Value,
        OperationKind.Literal                   => null,
        _ => Unsupported(operation, Describe(operation), "write it with the parts of C# that a function of sizes needs: conditions, loops, functions, tuples, arrays, lists"),
    };

    private static string Describe(IOperation operation) => operation.Kind switch
    {
        OperationKind.Await => "await",
        OperationKind.DynamicInvocation or OperationKind.DynamicMemberReference or OperationKind.DynamicObjectCreation or OperationKind.DynamicIndexerAccess => "dynamic",
        OperationKind.EventReference or OperationKind.EventAssignment => "an event",
        OperationKind.AddressOf => "a pointer",
        OperationKind.TranslatedQuery => "a query expression",
        OperationKind.Utf8String => "a UTF-8 string",
        OperationKind.None => "this expression",
        var kind => $"this expression ({kind})",
    };

    private object? Local(ILocalReferenceOperation operation)
    {
        if (operation.IsDeclaration)
            return frame.Scope.Declare(operation.Local, Unknown.Value).Content;
        return frame.Scope.Find(operation.Local) is { } cell ? cell.Content : Unknown.Value;
    }

    private object? Parameter(IParameterReferenceOperation operation) => ParameterCell(operation.Parameter) is { } cell ? cell.Content : Unknown.Value;

    // A parameter of a primary constructor is seen by all of the type's members.
    private Cell? ParameterCell(IParameterSymbol parameter) =>
        frame.Scope.Find(parameter.OriginalDefinition) ?? (frame.Self?.Content as Instance)?.Primary?.Find(parameter.OriginalDefinition);

    private object? Conditional(IConditionalOperation operation) =>
        Evaluate(operation.Condition) is bool condition ? Evaluate(condition ? operation.WhenTrue : operation.WhenFalse) : Unknown.Value;

    private object? Coalesce(ICoalesceOperation operation) => Evaluate(operation.Value) is { } value ? value : Evaluate(operation.WhenNull);

    private readonly Stack<object?> accessed = new();

    private object? ConditionalAccess(IConditionalAccessOperation operation)
    {
        var value = Evaluate(operation.Operation);
        if (value is null or Unknown)
            return value;
        accessed.Push(value);
        try
        {
            return Evaluate(operation.WhenNotNull);
        }
        finally
        {
            accessed.Pop();
        }
    }

    private object? Tuple(ITupleOperation operation)
    {
        var items = new object?[operation.Elements.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = Evaluate(operation.Elements[i]);
        return new TupleValue(items);
    }

    private object? TupleComparison(ITupleBinaryOperation operation)
    {
        var (left, right) = (Evaluate(operation.LeftOperand), Evaluate(operation.RightOperand));
        if (left is not TupleValue a || right is not TupleValue b || a.Items.Concat(b.Items).Contains(Unknown.Value))
            return Unknown.Value;
        return Arithmetic.TuplesEqual(a, b) == (operation.OperatorKind == BinaryOperatorKind.Equals);
    }

    private object? Method(IMethodReferenceOperation operation)
    {
        if (operation.Method.MethodKind == MethodKind.LocalFunction)
            return frame.Scope.Find(operation.Method.OriginalDefinition)?.Content ?? Unknown.Value;
        var receiver = operation.Instance is { } instance ? Evaluate(instance) : null;
        if (receiver is Unknown)
            return receiver;
        return receiver is Function function && operation.Method.MethodKind == MethodKind.DelegateInvoke ? function : new Function.Method(Construct(operation.Method), receiver);
    }

    private Function.Closure Lambda(IAnonymousFunctionOperation operation) => new(operation.Symbol, operation.Body, Captured(), isLocalFunction: false);

    /// <summary>The frame as a lambda keeps it.</summary>
    private Frame Captured() => new(frame.Scope, frame.Self, frame.Types);

    private object? InstanceReference(IInstanceReferenceOperation operation) => operation.ReferenceKind switch
    {
        InstanceReferenceKind.ImplicitReceiver or InstanceReferenceKind.PatternInput => receivers.Count > 0 ? receivers.Peek().Content : Unknown.Value,
        _ => frame.Self is { } self ? self.Content : Unknown.Value,
    };

    private object? Range(IRangeOperation operation)
    {
        var start = operation.LeftOperand is null ? Index.Start : Evaluate(operation.LeftOperand);
        var end = operation.RightOperand is null ? Index.End : Evaluate(operation.RightOperand);
        return start is Index from && end is Index to ? new Range(from, to) : Unknown.Value;
    }

    private object? Interpolated(IInterpolatedStringOperation operation)
    {
        var text = new StringBuilder();
        foreach (var part in operation.Parts)
            switch (part)
            {
                case IInterpolatedStringTextOperation literal when literal.Text.ConstantValue is { HasValue: true, Value: string constant }:
                    text.Append(constant);
                    break;
                case IInterpolationOperation hole:
                    var value = Evaluate(hole.Expression);
                    if (value is Unknown)
                        return value;
                    var alignment = hole.Alignment is { ConstantValue: { HasValue: true, Value: int width } } ? $",{width}" : "";
                    var format = hole.FormatString is { ConstantValue: { HasValue: true, Value: string pattern } } ? ":" + pattern : "";
                    text.AppendFormat(CultureInfo.InvariantCulture, $"{{0{alignment}{format}}}", Shown(value, hole.Expression));
                    break;
                case IInterpolatedStringAppendOperation { AppendCall: IInvocationOperation append } when append.Arguments.Length > 0:
                    var appended = Evaluate(append.Arguments[0].Value);
                    if (appended is Unknown)
                        return appended;
                    text.Append(Text(appended, append.Arguments[0].Value));
                    break;
                default:
                    return Unknown.Value;
            }
        return text.ToString();
    }

    // An enum's value does not know its type, but the expression does.
    private static object? Shown(object? value, IOperation expression) =>
        Unconverted(expression).Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } type ? EnumName(value, type) : value switch
        {
            null or IConvertible => value,
            _ => Text(value, expression),
        };

    private static IOperation Unconverted(IOperation operation)
    {
        while (operation is IConversionOperation { IsImplicit: true } conversion)
            operation = conversion.Operand;
        return operation;
    }

    private static string Text(object? value, IOperation? expression) => value switch
    {
        null => "",
        _ when expression is not null && Unconverted(expression).Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } type => EnumName(value, type),
        bool truth => truth ? "True" : "False",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        string text => text,
        char character => character.ToString(),
        TupleValue tuple => "(" + string.Join(", ", tuple.Items.Select(item => Text(item, null))) + ")",
        ITypeSymbol type => type.ToDisplayString(),
        Instance instance => instance.Type.Name,
        Thrown thrown => $"{thrown.Name}: {thrown.Message}",
        _ => value.GetType().Name,
    };

    private static string EnumName(object? value, INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value))?.Name ?? Text(value, null);

    /// <summary>The default of a type: 0, false, null, or a struct of defaults.</summary>
    internal object? Default(ITypeSymbol? type)
    {
        type = type is null ? null : Resolve(type);
        return type switch
        {
            null or { IsReferenceType: true } => null,
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => null,
            INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } => Arithmetic.Zero(underlying.SpecialType),
            INamedTypeSymbol { IsTupleType: true } tuple => new TupleValue([.. tuple.TupleElements.Select(element => Default(element.Type))]),
            { SpecialType: not SpecialType.None } => Arithmetic.Zero(type.SpecialType),
            INamedTypeSymbol { IsValueType: true } structure when IsOurs(structure) => Blank(structure),
            _ => Unknown.Value,
        };
    }

    private ITypeSymbol Resolve(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => frame.Types.TryGetValue(parameter.OriginalDefinition, out var actual) ? actual : type,
        IArrayTypeSymbol { Rank: 1 } array when Resolve(array.ElementType) is var element && !ReferenceEquals(element, array.ElementType)
            => reading.Compilation.CreateArrayTypeSymbol(element),
        INamedTypeSymbol { IsGenericType: true, ContainingType: null } named when frame.Types.Count > 0 && named.TypeArguments.Any(a => !ReferenceEquals(Resolve(a), a))
            => named.ConstructedFrom.Construct([.. named.TypeArguments.Select(Resolve)]),
        _ => type,
    };

    private bool IsOurs(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, reading.Compilation.Assembly);
}
