using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private object? IsPattern(IIsPatternOperation operation)
    {
        var value = Evaluate(operation.Value);
        return value is Unknown ? value : Matches(operation.Pattern, value);
    }

    private object? IsType(IIsTypeOperation operation)
    {
        var value = Evaluate(operation.ValueOperand);
        return value is Unknown ? value : TypeFits(operation, value, operation.ValueOperand.Type, operation.TypeOperand) != operation.IsNegated;
    }

    private object? SwitchExpression(ISwitchExpressionOperation operation)
    {
        var value = Evaluate(operation.Value);
        if (value is Unknown)
            return value;
        foreach (var arm in operation.Arms)
        {
            var outer = frame.Scope;
            frame.Scope = new Scope(outer);
            try
            {
                if (Matches(arm.Pattern, value) && (arm.Guard is null || Truth(Evaluate(arm.Guard))))
                    return Evaluate(arm.Value);
            }
            finally
            {
                frame.Scope = outer;
            }
        }
        throw Throws(operation, "SwitchExpressionException", $"no arm matches {Text(value, operation.Value)}");
    }

    /// <summary>Whether a known value has the pattern; an unknown part leaves it undecided.</summary>
    private bool Matches(IPatternOperation? pattern, object? value)
    {
        if (pattern is null || value is Unknown)
            throw new Undecided();
        Step(pattern);
        return pattern switch
        {
            IDiscardPatternOperation => true,
            IConstantPatternOperation constant => Evaluate(constant.Value) is var expected && expected is Unknown ? throw new Undecided() : Arithmetic.AreEqual(value, expected),
            IRelationalPatternOperation relational => Relation(relational, value),
            INegatedPatternOperation negated => !Matches(negated.Pattern, value),
            IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either => Matches(either.LeftPattern, value) || Matches(either.RightPattern, value),
            IBinaryPatternOperation both => Matches(both.LeftPattern, value) && Matches(both.RightPattern, value),
            ITypePatternOperation type => value is not null && TypeFits(type, value, type.InputType, type.MatchedType),
            IDeclarationPatternOperation declaration => Declaration(declaration, value),
            IRecursivePatternOperation recursive => Recursive(recursive, value),
            IListPatternOperation list => List(list, value),
            _ => Unsupported(pattern, "this pattern", "use constants, relations, types, properties, tuples and lists") is null || Undecide(),
        };
    }

    private static bool Undecide() => throw new Undecided();

    private bool Relation(IRelationalPatternOperation pattern, object? value)
    {
        var bound = Evaluate(pattern.Value);
        if (bound is Unknown)
            throw new Undecided();
        if (value is null || bound is null || Arithmetic.Compare(value, bound) is not { } order || value is float or double && double.IsNaN(System.Convert.ToDouble(value)))
            return false;
        return pattern.OperatorKind switch
        {
            BinaryOperatorKind.LessThan => order < 0,
            BinaryOperatorKind.LessThanOrEqual => order <= 0,
            BinaryOperatorKind.GreaterThan => order > 0,
            _ => order >= 0,
        };
    }

    private bool Declaration(IDeclarationPatternOperation pattern, object? value)
    {
        if (!pattern.MatchesNull && (value is null || pattern.MatchedType is { } type && !TypeFits(pattern, value, pattern.InputType, type)))
            return false;
        if (pattern.DeclaredSymbol is { } symbol)
            frame.Scope.Declare(symbol, value);
        return true;
    }

    private bool Recursive(IRecursivePatternOperation pattern, object? value)
    {
        if (value is null || !TypeFits(pattern, value, pattern.InputType, pattern.MatchedType))
            return false;
        if (!pattern.DeconstructionSubpatterns.IsEmpty)
        {
            if (Parts(value, pattern.DeconstructionSubpatterns.Length, pattern) is not { } parts)
                throw new Undecided();
            for (var i = 0; i < parts.Length; i++)
                if (!Matches(pattern.DeconstructionSubpatterns[i], parts[i]))
                    return false;
        }
        foreach (var property in pattern.PropertySubpatterns)
        {
            receivers.Push(new Cell(value));
            try
            {
                if (!Matches(property.Pattern, Evaluate(property.Member)))
                    return false;
            }
            finally
            {
                receivers.Pop();
            }
        }
        if (pattern.DeclaredSymbol is { } symbol)
            frame.Scope.Declare(symbol, value);
        return true;
    }

    private bool List(IListPatternOperation pattern, object? value)
    {
        if (value is null)
            return false;
        var items = value switch { Sequence sequence => sequence.Items, string text => [.. text.Select(c => (object?)c)], _ => throw new Undecided() };
        var slice = pattern.Patterns.ToList().FindIndex(p => p is ISlicePatternOperation);
        var ends = pattern.Patterns.Length - (slice < 0 ? 0 : 1);
        if (slice < 0 ? items.Count != ends : items.Count < ends)
            return false;
        for (var i = 0; i < pattern.Patterns.Length; i++)
        {
            var part = pattern.Patterns[i];
            if (part is ISlicePatternOperation { Pattern: var inner })
            {
                var middle = items.GetRange(slice, items.Count - ends);
                if (inner is not null && !Matches(inner, value is string ? string.Concat(middle) : Sequence.Array(middle)))
                    return false;
            }
            else if (!Matches(part, items[slice < 0 || i < slice ? i : items.Count - pattern.Patterns.Length + i]))
                return false;
        }
        if (pattern.DeclaredSymbol is { } symbol)
            frame.Scope.Declare(symbol, value);
        return true;
    }

    private bool TypeFits(IOperation operation, object? value, ITypeSymbol? from, ITypeSymbol? to)
    {
        if (value is null)
            return false;
        if (to is null || from is not null && SymbolEqualityComparer.Default.Equals(Resolve(from), Resolve(to)))
            return true;
        if (IsInstance(value, Resolve(to)) is { } known)
            return known;
        Unsupported(operation, $"a test for {to.ToDisplayString()}", "test numbers, strings, tensors, or records of your own");
        throw new Undecided();
    }

    /// <summary>Whether a value is of a type; null where it cannot be told.</summary>
    private bool? IsInstance(object? value, ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Object)
            return value is not null;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return IsInstance(value, nullable.TypeArguments[0]);
        return value switch
        {
            null => false,
            Instance instance => Hierarchy(instance.Type).Concat(instance.Type.AllInterfaces).Any(t => SymbolEqualityComparer.Default.Equals(t, type) || SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, type.OriginalDefinition)),
            string => type.SpecialType == SpecialType.System_String,
            bool => type.SpecialType == SpecialType.System_Boolean,
            _ when Arithmetic.IsNumber(value) => type.TypeKind == TypeKind.Enum ? null : SymbolEqualityComparer.Default.Equals(type, Special(value)) || type.Name == value.GetType().Name,
            Value tensor when type.Name is "Tensor" or "Scalar" => type.Name == "Tensor" || tensor.Type.Rank == 0,
            Function => type.TypeKind == TypeKind.Delegate ? null : false,
            Value or LabelsValue => type.Name is "Mask" or "Labels" ? null : false,
            Sequence sequence => type.TypeKind == TypeKind.Array ? sequence.Kind == SequenceKind.Array : null,
            _ => null,
        };
    }

    private static IEnumerable<INamedTypeSymbol> Hierarchy(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type;
    }
}
