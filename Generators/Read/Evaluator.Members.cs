using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private int initialising;

    private object? Property(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        var receiver = operation.Instance is { } instance ? Evaluate(instance) : null;
        if (receiver is Unknown || operation.ConstantValue.HasValue)
            return receiver;
        if (reading.Row(property) is { } row)
            return Speak(row, new VocabularyCall(this, property, receiver, [], operation, null));
        var arguments = operation.Arguments.Length == 0 || property.GetMethod is null ? [] : Arguments(operation.Arguments, property.GetMethod).Values;
        if (property.GetMethod is not { } getter)
            return Unknown.Value;
        getter = Constrained(getter, operation.ConstrainedToType);
        return receiver is null && !property.IsStatic && property.ContainingType is not { IsExtension: true }
            ? throw Throws(operation, "NullReferenceException", $"{property.Name} of null")
            : Invoke(getter, receiver, arguments, operation, operation, receiverOperation: operation.Instance);
    }

    /// <summary>A property that the compiler gives a field: the user's state in an object, or a static one evaluated once.</summary>
    private object? AutoProperty(IPropertySymbol property, object? receiver, IOperation operation)
    {
        if (!property.IsStatic)
            return receiver is Instance instance && instance.TryGet(property, out var value) ? value : Unknown.Value;
        return property.SetMethod is null
            ? Static(property, property.Type, operation)
            : Refuse(operation, "NNG0107", property.Name);
    }

    private object? Field(IFieldReferenceOperation operation)
    {
        var field = operation.Field;
        if (field.IsStatic)
        {
            if (!IsOurs(field))
                return Library.Constant(field) ?? Refuse(operation, "NNG0102", $"{field.ContainingType.Name}.{field.Name}", field.ContainingAssembly?.Name ?? "");
            if (field.AssociatedSymbol is IPropertySymbol automatic)
                return Static(automatic, automatic.Type, operation);
            return field.IsReadOnly || initialising > 0 ? Static(field, field.Type, operation) : Refuse(operation, "NNG0107", field.Name);
        }
        var receiver = operation.Instance is null ? null : Evaluate(operation.Instance);
        return receiver switch
        {
            Instance instance when instance.TryGet(field.AssociatedSymbol ?? field, out var value) => value,
            TupleValue tuple when TupleIndex(field) is var index && index >= 0 && index < tuple.Items.Length => tuple.Items[index],
            null when operation.Instance is not null => throw Throws(operation, "NullReferenceException", $"{field.Name} of null"),
            _ => Unknown.Value,
        };
    }

    /// <summary>A static field's value, evaluated once per network, as a program would at its start.</summary>
    private object? Static(ISymbol member, ITypeSymbol type, IOperation operation)
    {
        var key = member.OriginalDefinition;
        if (copy.Statics.TryGetValue(key, out var known))
            return known;
        copy.Statics[key] = Default(type);                                       // what a cycle of initialisers sees
        if (Vocabulary.IsTensor(type))
            return copy.Statics[key] = Refuse(operation, "NNG0107", $"{member.Name}, which would run the vocabulary when the program starts,");
        var initializer = reading.Initializer(member);
        if (initializer is null && member.ContainingType.StaticConstructors.FirstOrDefault(c => !c.IsImplicitlyDeclared) is { } constructor && !copy.Statics.ContainsKey(constructor))
        {
            copy.Statics[constructor] = null;
            initialising++;
            Call(constructor, null, [], null, operation);
            initialising--;
            return copy.Statics[key];
        }
        if (initializer is null)
            return copy.Statics[key];
        var (outerFrame, outerPlace) = (frame, place);
        (frame, place) = (new Frame(new Scope(null), null, NoTypes), copy.Root);
        initialising++;
        try
        {
            return copy.Statics[key] = Freeze(Hold(Evaluate(initializer), member.Name));
        }
        finally
        {
            initialising--;
            (frame, place) = (outerFrame, outerPlace);
        }
    }

    private static object? Freeze(object? value)
    {
        switch (value)
        {
            case Sequence sequence: sequence.IsFrozen = true; break;
            case Map map: map.IsFrozen = true; break;
        }
        return value;
    }

    private Variable? PropertyTarget(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        if (property.IsStatic)
        {
            Refuse(operation, "NNG0107", property.Name);
            return null;
        }
        if (operation.Instance is not { } instance || Target(instance) is not { } owner)
            return null;
        var arguments = operation.Arguments.Select(argument => Evaluate(argument.Value)).ToArray();
        switch (owner.Read())
        {
            case Sequence when arguments.Length == 1:
                return ElementTarget(operation, owner.Read(), arguments[0]);
            case Map map when arguments is [{ } key and not Unknown]:
                return new(() => map.Entries.TryGetValue(key, out var entry) ? entry : Unknown.Value, value =>
                {
                    if (map.IsFrozen)
                        Refuse(operation, "NNG0107", "this dictionary");
                    map.Set(key, value);
                });
            case Instance target when IsAutomatic(property):
                return new(() => target.TryGet(property, out var content) ? content : Unknown.Value, value => Store(owner, property, -1, value));
            case Instance target when property.SetMethod is { } setter:
                return new(
                    () => property.GetMethod is { } getter ? Call(Override(getter, target.Type), target, arguments, null, operation) : Unknown.Value,
                    value =>
                    {
                        var self = new Cell(owner.Read());
                        Call(Override(setter, target.Type), self, [.. arguments, value], null, operation);
                        if (!ReferenceEquals(self.Content, owner.Read()))
                            owner.Write(self.Content);
                    });
            default:
                return null;
        }
    }

    private bool IsAutomatic(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Select(r => r.GetSyntax(reading.Cancellation)).All(syntax => syntax switch
        {
            PropertyDeclarationSyntax { ExpressionBody: not null } => false,
            PropertyDeclarationSyntax { AccessorList: { } accessors } => accessors.Accessors.All(a => a.Body is null && a.ExpressionBody is null),
            _ => true,
        });
}
