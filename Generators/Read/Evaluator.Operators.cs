using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    // A long chain a | b | c | .. is a deep tree on the left: walked in a loop.
    private object? Binary(IBinaryOperation outermost)
    {
        var chain = new Stack<IBinaryOperation>();
        IOperation innermost = outermost;
        while (Through(innermost) is IBinaryOperation binary && !binary.ConstantValue.HasValue && binary.Type is not IErrorTypeSymbol)
        {
            chain.Push(binary);
            innermost = binary.LeftOperand;
        }
        var value = Evaluate(innermost);
        foreach (var binary in chain)
        {
            Step(binary);
            value = Combine(binary, value);
        }
        return value;

        // Conversions that change no value do not interrupt a chain.
        IOperation Through(IOperation operation) =>
            operation is IConversionOperation { OperatorMethod: null, Conversion: { IsIdentity: true } or { IsReference: true, IsImplicit: true } } conversion
            ? conversion.Operand : operation;
    }

    private object? Combine(IBinaryOperation operation, object? left)
    {
        if (operation.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr && operation.OperatorMethod is null)
            return left is bool first && first == (operation.OperatorKind == BinaryOperatorKind.ConditionalOr) ? first
                : Evaluate(operation.RightOperand) is bool second && left is bool ? second : Unknown.Value;
        var right = Evaluate(operation.RightOperand);
        if (left is Unknown || right is Unknown)
            return Unknown.Value;
        if (operation.OperatorMethod is { } method && !Arithmetic.Knows(left, right))
            return Invoke(Constrained(method, operation.ConstrainedToType), null, [left, right], operation, right is Function ? operation.RightOperand : operation);
        if (operation.Type is { TypeKind: TypeKind.Delegate })
            return Refuse(operation, "NNG0012", operation.Type.Name);
        return Compute(operation, operation.OperatorKind, left, right, operation.Type, operation.LeftOperand, operation.RightOperand);
    }

    /// <summary>An operator on concrete values. Overflow is a fault unless the code says `unchecked`.</summary>
    private object? Compute(IOperation operation, BinaryOperatorKind kind, object? left, object? right, ITypeSymbol? type, IOperation leftOperand, IOperation rightOperand)
    {
        if (left is string || right is string)
            switch (kind)
            {
                case BinaryOperatorKind.Add: return Text(left, leftOperand) + Text(right, rightOperand);
                case BinaryOperatorKind.Equals: return Equals(left, right);
                case BinaryOperatorKind.NotEquals: return !Equals(left, right);
            }
        try
        {
            var result = Arithmetic.Binary(kind, left, right, @checked: !IsUnchecked(operation));
            if (result is null && left is not null && right is not null)
                return Unsupported(operation, $"this operator on {Text(left, null)} and {Text(right, null)}", "use numbers, strings or tuples");
            return type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } ? Arithmetic.Convert(result, underlying.SpecialType, false) : result;
        }
        catch (DivideByZeroException)
        {
            throw Throws(operation, nameof(DivideByZeroException), "division by zero");
        }
        catch (OverflowException)
        {
            throw Throws(operation, nameof(OverflowException), $"{Text(left, null)} and {Text(right, null)} give a number that {type?.ToDisplayString() ?? "its type"} cannot hold");
        }
    }

    private static bool IsUnchecked(IOperation operation)
    {
        for (var node = operation.Syntax; node is not null and not MemberDeclarationSyntax; node = node.Parent)
            if (node is CheckedExpressionSyntax or CheckedStatementSyntax)
                return node.GetFirstToken().ValueText == "unchecked";
        return false;
    }

    private object? Unary(IUnaryOperation operation)
    {
        var operand = Evaluate(operation.Operand);
        if (operand is Unknown)
            return operand;
        if (operation.OperatorKind == UnaryOperatorKind.Hat)
            return operand is int fromEnd && fromEnd >= 0 ? new Index(fromEnd, fromEnd: true) : Unknown.Value;
        if (operation.OperatorMethod is { } method && !Arithmetic.Knows(operand, operand))
            return Invoke(Constrained(method, operation.ConstrainedToType), null, [operand], operation, operation);
        try
        {
            return Arithmetic.Unary(operation.OperatorKind, operand, @checked: !IsUnchecked(operation)) ?? Unknown.Value;
        }
        catch (OverflowException)
        {
            throw Throws(operation, nameof(OverflowException), $"minus {Text(operand, null)} is a number that {operation.Type?.ToDisplayString()} cannot hold");
        }
    }

    private object? Convert(IConversionOperation operation)
    {
        var value = Evaluate(operation.Operand);
        if (value is Unknown)
            return value;
        if (operation.OperatorMethod is { } method)
            return method.ContainingType is { Name: "Index", ContainingNamespace.Name: "System" } ? value is int index && index >= 0 ? new Index(index) : Unknown.Value
                : value is string or Sequence && !IsOurs(method) ? value                    // to a span
                : Invoke(Constrained(method, operation.ConstrainedToType), null, [value], operation, operation);
        return Converted(operation, value, operation.Type, operation.IsTryCast);
    }

    /// <summary>A built-in conversion: numbers change their type, references are checked, tuples go item by item.</summary>
    private object? Converted(IOperation operation, object? value, ITypeSymbol? type, bool isTry = false)
    {
        type = type is null ? null : Resolve(type);
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return value is null ? null : Converted(operation, value, nullable.TypeArguments[0], isTry);
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying })
            type = underlying;
        if (value is TupleValue tuple && type is INamedTypeSymbol { IsTupleType: true } target && target.TupleElements.Length == tuple.Items.Length)
            return new TupleValue([.. tuple.Items.Select((item, i) => item is Unknown ? item : Converted(operation, item, target.TupleElements[i].Type))]);
        if (Arithmetic.IsNumber(value) && type is not null && Arithmetic.IsNumeric(type.SpecialType))
            try
            {
                return Arithmetic.Convert(value, type.SpecialType, @checked: !IsUnchecked(operation));
            }
            catch (OverflowException)
            {
                throw Throws(operation, nameof(OverflowException), $"{type.ToDisplayString()} cannot hold {Text(value, null)}");
            }
        if (value is null && type is { IsValueType: true })
            throw Throws(operation, "NullReferenceException", $"null is no {type.ToDisplayString()}");
        if (type is null || value is null || Arithmetic.IsNumber(value) || operation is not IConversionOperation { IsImplicit: false, Conversion.IsIdentity: false } conversion || IsInstance(value, type) != false)
            return value;
        return isTry ? null : throw Throws(operation, "InvalidCastException", $"a value of {Unconverted(conversion.Operand).Type?.ToDisplayString()} is no {type.ToDisplayString()}");
    }

    /// <summary>The implementation of a static abstract operator or method.</summary>
    private IMethodSymbol Constrained(IMethodSymbol method, ITypeSymbol? constrainedTo) =>
        constrainedTo is not null && Resolve(constrainedTo).FindImplementationForInterfaceMember(method) is IMethodSymbol implementation ? implementation : method;
}
