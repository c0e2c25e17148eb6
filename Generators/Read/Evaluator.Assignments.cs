using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    /// <summary>Something that can be read and assigned, its receiver and indices evaluated once.</summary>
    private sealed record Variable(Func<object?> Read, Action<object?> Write);

    private object? Assignment(ISimpleAssignmentOperation operation)
    {
        if (operation.IsRef)
            return Unsupported(operation, "a ref assignment", "assign the value");
        if (operation.Target is IDiscardOperation)
            return Evaluate(operation.Value);
        var target = Target(operation.Target);
        var value = Evaluate(operation.Value);
        target?.Write(value);
        return value;
    }

    private object? CompoundAssignment(ICompoundAssignmentOperation operation)
    {
        if (Target(operation.Target) is not { } target)
            return Unknown.Value;
        var left = target.Read();
        var right = Evaluate(operation.Value);
        object? result = Unknown.Value;
        if (left is not Unknown && right is not Unknown)
        {
            if (operation.OperatorMethod is { } method && !Arithmetic.Knows(left, right))
                result = Invoke(Constrained(method, operation.ConstrainedToType), null, [left, right], operation, right is Function ? operation.Value : operation);
            else if (operation.Type is { TypeKind: TypeKind.Delegate })
                result = Refuse(operation, "NNG0012", operation.Type.Name);
            else
            {
                // byte b; b += 1 computes in int.
                var common = left is string ? left : Promoted(operation, left, right);
                result = Compute(operation, operation.OperatorKind, common, right, null, operation.Target, operation.Value);
                result = result is Unknown ? result : Converted(operation, result, operation.Target.Type);
            }
        }
        target.Write(result);
        return result;
    }

    private object? Promoted(IOperation operation, object? left, object? right) =>
        right switch
        {
            _ when !Arithmetic.IsNumber(left) => left,
            double or float or long or ulong or decimal when left!.GetType() != right.GetType() => Converted(operation, left, reading.Compilation.GetSpecialType(right switch
            {
                double => SpecialType.System_Double,
                float => SpecialType.System_Single,
                long => SpecialType.System_Int64,
                ulong => SpecialType.System_UInt64,
                _ => SpecialType.System_Decimal,
            })),
            _ => left,
        };

    private object? Increment(IIncrementOrDecrementOperation operation)
    {
        if (Target(operation.Target) is not { } target)
            return Unknown.Value;
        var before = target.Read();
        object? after = Unknown.Value;
        if (Arithmetic.IsNumber(before))
        {
            var kind = operation.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
            after = Compute(operation, kind, before, Converted(operation, 1, Special(before)), null, operation.Target, operation.Target);
            after = after is Unknown ? after : Converted(operation, after, operation.Target.Type);
        }
        else if (operation.OperatorMethod is { IsStatic: true } method && before is not Unknown)
            after = Invoke(method, null, [before], operation, operation);
        target.Write(after);
        return operation.IsPostfix ? before : after;
    }

    private ITypeSymbol Special(object? number) => reading.Compilation.GetSpecialType(number switch
    {
        long => SpecialType.System_Int64,
        uint => SpecialType.System_UInt32,
        ulong => SpecialType.System_UInt64,
        float => SpecialType.System_Single,
        double => SpecialType.System_Double,
        decimal => SpecialType.System_Decimal,
        _ => SpecialType.System_Int32,
    });

    private object? CoalesceAssignment(ICoalesceAssignmentOperation operation)
    {
        if (Target(operation.Target) is not { } target)
            return Unknown.Value;
        if (target.Read() is { } present)
            return present;
        var value = Evaluate(operation.Value);
        target.Write(value);
        return value;
    }

    private object? DeconstructionAssignment(IDeconstructionAssignmentOperation operation)
    {
        var value = Evaluate(operation.Value);
        Deconstruct(operation.Target, value, operation);
        return value;
    }

    /// <summary>Assigns the parts of a value to the parts of a target.</summary>
    private void Deconstruct(IOperation target, object? value, IOperation at)
    {
        while (target is IDeclarationExpressionOperation declaration)
            target = declaration.Expression;
        if (target is not ITupleOperation tuple)
        {
            if (target is not IDiscardOperation)
                Target(target)?.Write(value is Unknown || target.Type is null ? value : Converted(at, value, target.Type));
            return;
        }
        var parts = value is Unknown ? null : Parts(value, tuple.Elements.Length, at);
        for (var i = 0; i < tuple.Elements.Length; i++)
            Deconstruct(tuple.Elements[i], parts is null ? Unknown.Value : parts[i], at);
    }

    /// <summary>The parts of a tuple, a record, or a type with a Deconstruct; null where there are not that many.</summary>
    private object?[]? Parts(object? value, int count, IOperation at)
    {
        if (value is TupleValue tuple)
            return tuple.Items.Length == count ? tuple.Items : null;
        if (value is not Instance instance)
            return null;
        var method = Hierarchy(instance.Type).SelectMany(type => type.GetMembers("Deconstruct")).OfType<IMethodSymbol>()
            .FirstOrDefault(m => !m.IsStatic && m.Parameters.Length == count && m.Parameters.All(p => p.RefKind == RefKind.Out));
        if (method is null)
            return null;
        if (method.IsImplicitlyDeclared)
            return [.. method.Parameters.Select(p => instance.Type.GetMembers(p.Name).OfType<IPropertySymbol>().FirstOrDefault() is { } property && instance.TryGet(property, out var part) ? part : Unknown.Value)];
        var cells = method.Parameters.Select(_ => new Cell(Unknown.Value)).ToArray();
        Call(method, instance, new object?[count], cells, at);
        return [.. cells.Select(cell => cell.Content)];
    }

    /// <summary>The variable that an expression names; null where it names none that can be assigned.</summary>
    private Variable? Target(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local:
                var cell = local.IsDeclaration ? frame.Scope.Declare(local.Local, Unknown.Value) : frame.Scope.Find(local.Local);
                return cell is null ? null : new(() => cell.Content, value => cell.Content = Hold(value, local.Local.Name));
            case IParameterReferenceOperation parameter:
                return ParameterCell(parameter.Parameter) is { } variable ? new(() => variable.Content, value => variable.Content = value) : null;
            case IDeclarationExpressionOperation declaration:
                return Target(declaration.Expression);
            case IConversionOperation { OperatorMethod: null } conversion:
                return Target(conversion.Operand);
            case IArrayElementReferenceOperation element:
                return ElementTarget(element, Evaluate(element.ArrayReference), element.Indices.Length == 1 ? Evaluate(element.Indices[0]) : Unknown.Value);
            case IImplicitIndexerReferenceOperation element:
                return ElementTarget(element, Evaluate(element.Instance), Evaluate(element.Argument));
            case IPropertyReferenceOperation property:
                return PropertyTarget(property);
            case IFieldReferenceOperation field:
                return FieldTarget(field);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } when frame.Self is { } self:
                return new(() => self.Content, value => self.Content = value);
            case IInstanceReferenceOperation when receivers.Count > 0:
                var receiver = receivers.Peek();
                return new(() => receiver.Content, value => receiver.Content = value);
            default:
                var read = Evaluate(operation);
                return new(() => read, _ => { });
        }
    }

    private Variable? ElementTarget(IOperation operation, object? collection, object? index)
    {
        if (collection is not Sequence sequence || Offset(index, sequence.Items.Count) is not { } at)
            return null;
        if (at < 0 || at >= sequence.Items.Count)
            throw Throws(operation, "IndexOutOfRangeException", $"index {at} of {sequence.Items.Count} elements");
        return new(() => sequence.Items[at], value =>
        {
            if (sequence.IsFrozen)
                Refuse(operation, "NNG0107", "this array");
            sequence.Items[at] = value;
        });
    }

    private static int? Offset(object? index, int count) => index switch
    {
        int i => i,
        long i => i is >= int.MinValue and <= int.MaxValue ? (int)i : -1,
        Index i => i.GetOffset(count),
        uint or byte or short or ushort or sbyte or char => (int)Arithmetic.ToLong(index),
        _ => null,
    };

    private Variable? FieldTarget(IFieldReferenceOperation operation)
    {
        var field = operation.Field;
        if (field.IsStatic)
        {
            if (initialising == 0)
                Refuse(operation, "NNG0107", field.Name);
            return new(() => copy.Statics.TryGetValue(field.OriginalDefinition, out var value) ? value : Unknown.Value, value => copy.Statics[field.OriginalDefinition] = value);
        }
        if (operation.Instance is not { } instance || Target(instance) is not { } owner)
            return null;
        var item = TupleIndex(field);
        return new(
            () => owner.Read() switch
            {
                TupleValue tuple when item >= 0 && item < tuple.Items.Length => tuple.Items[item],
                Instance value when value.TryGet(field, out var content) => content,
                _ => Unknown.Value,
            },
            value => Store(owner, field, item, value));
    }

    private static void Store(Variable owner, ISymbol member, int item, object? value)
    {
        switch (owner.Read())
        {
            case TupleValue tuple when item >= 0 && item < tuple.Items.Length:
                owner.Write(tuple.With(item, value));
                break;
            case Instance { Type.IsValueType: true } structure:
                var changed = structure.Copy();
                changed.Set(member, value);
                owner.Write(changed);
                break;
            case Instance instance:
                instance.Set(member, value);
                break;
        }
    }

    private static int TupleIndex(IFieldSymbol field) =>
        field.ContainingType.IsTupleType ? field.ContainingType.TupleElements.ToList().FindIndex(element => SymbolEqualityComparer.Default.Equals(element, field)
            || SymbolEqualityComparer.Default.Equals(element.CorrespondingTupleField, field.CorrespondingTupleField)) : -1;

    /// <summary>A variable takes a value: a layer or raw parameter that has no name yet is called after its first holder, a tensor's node is labelled.</summary>
    private object? Hold(object? value, string name)
    {
        switch (value)
        {
            case Function.Owning { Owner.Place: { Name: null } own } when ReferenceEquals(own.Parent, place):
                own.Name = name;
                break;
            case Function.Network { Copy.Root: { Name: null } root } when ReferenceEquals(root.Parent, place):
                root.Name = name;
                break;
            case Value tensor when rawParameters.TryGetValue(tensor.Id, out var raw) && raw.Place.Name is null && ReferenceEquals(raw.Place.Parent, place):
                raw.Place.Name = name;
                break;
            case Value { IsUnknown: false } tensor:
                Graph.Labelled(tensor, name);
                break;
        }
        return value;
    }
}
