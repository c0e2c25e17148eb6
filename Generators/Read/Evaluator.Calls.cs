using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private object? Invocation(IInvocationOperation operation)
    {
        var method = operation.TargetMethod;
        var receiver = operation.Instance is { } instance ? Evaluate(instance) : null;
        if (receiver is Unknown)
        {
            foreach (var argument in operation.Arguments)       // their own faults are worth hearing
                Evaluate(argument.Value);
            return receiver;
        }
        var (arguments, cells, writeBack) = Arguments(operation.Arguments, method);
        object? result;
        if (method.MethodKind == MethodKind.DelegateInvoke)
            result = receiver switch
            {
                Function function => Apply(function, arguments, operation, operation, cells),
                null => throw Throws(operation, "NullReferenceException", "the delegate is null"),
                _ => Unknown.Value,
            };
        else if (method.MethodKind == MethodKind.LocalFunction)
            result = frame.Scope.Find(method.OriginalDefinition)?.Content is Function.Closure closure
                ? CallClosure(closure, arguments, cells, operation, Types(method)) : Unknown.Value;
        else
            result = Invoke(Constrained(Construct(method), operation.ConstrainedToType), receiver, arguments, operation, operation, cells, operation.Arguments, operation.Instance, operation.IsVirtual);
        writeBack?.Invoke();
        return result;
    }

    /// <summary>Arguments by the parameters' order. A ref or out argument shares its variable.</summary>
    private (object?[] Values, Cell?[]? Cells, Action? WriteBack) Arguments(IReadOnlyList<IArgumentOperation> arguments, IMethodSymbol method)
    {
        var values = new object?[Math.Max(method.Parameters.Length, arguments.Count)];
        Cell?[]? cells = null;
        Action? writeBack = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var at = argument.Parameter?.Ordinal ?? i;
            if (argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out)
            {
                cells ??= new Cell?[values.Length];
                var target = argument.Value is IDiscardOperation ? null : Target(argument.Value);
                var cell = cells[at] = new Cell(target is null || argument.Parameter.RefKind == RefKind.Out ? Unknown.Value : target.Read());
                values[at] = cell.Content;
                if (target is not null)
                    writeBack += () => target.Write(cell.Content);
            }
            else
                values[at] = Evaluate(argument.Value);
        }
        return (values, cells, writeBack);
    }

    /// <summary>Calls a method wherever it is defined: in the vocabulary, in this project, or in the part of the BCL that is known here.</summary>
    private object? Invoke(
        IMethodSymbol method, object? receiver, object?[] arguments, IOperation operation, IOperation at, Cell?[]? cells = null,
        IReadOnlyList<IArgumentOperation>? written = null, IOperation? receiverOperation = null, bool isVirtual = true)
    {
        if (method.ReducedFrom is { } unreduced)
            (method, arguments, receiver) = (unreduced, [receiver, .. arguments], null);
        if (reading.Row(method) is { } row)
            return Speak(row, new VocabularyCall(this, method, receiver, arguments, at, written));
        if (IsOurs(method))
            return CallOurs(method, receiver, arguments, cells, operation, receiverOperation, isVirtual);
        if (receiver is Function function && method.Name == "Invoke")
            return Apply(function, arguments, operation, at, cells);
        return Library.Find(method) is { } known
            ? Borrow(known, method, receiver, arguments, operation, cells)
            : Refuse(operation, "NNG0102", Describe(method), method.ContainingAssembly?.Name ?? "");
    }

    private static string Describe(IMethodSymbol method) => $"{method.ContainingType?.Name}.{(method.MethodKind == MethodKind.Constructor ? "new" : method.Name)}";

    private object? CallOurs(IMethodSymbol method, object? receiver, object?[] arguments, Cell?[]? cells, IOperation operation, IOperation? receiverOperation, bool isVirtual)
    {
        if (receiver is Instance instance && isVirtual)
            method = Override(method, instance.Type);
        if (receiver is null && !method.IsStatic && method.ContainingType is not { IsExtension: true })
            throw Throws(operation, "NullReferenceException", $"{method.Name} of null");
        if (receiver is not Instance || method.IsReadOnly || !method.ContainingType.IsValueType || receiverOperation is null)
            return Call(method, receiver, arguments, cells, operation);
        var self = new Cell(receiver);
        var result = Call(method, self, arguments, cells, operation);
        if (!ReferenceEquals(self.Content, receiver))                   // a method of a struct changed it
            Target(receiverOperation)?.Write(self.Content);
        return result;
    }

    private static IMethodSymbol Override(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
            return type.FindImplementationForInterfaceMember(method) as IMethodSymbol ?? method;
        if (!method.IsVirtual && !method.IsAbstract && !method.IsOverride)
            return method;
        foreach (var candidate in Hierarchy(type).SelectMany(t => t.GetMembers(method.Name)).OfType<IMethodSymbol>())
            for (var overridden = candidate; overridden is not null; overridden = overridden.OverriddenMethod)
                if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method.OriginalDefinition))
                    return candidate;
        return method;
    }

    /// <summary>Calls a method of this project: a new activation, and a place that names what is born in it.</summary>
    private object? Call(IMethodSymbol method, object? receiver, object?[] arguments, Cell?[]? cells, IOperation operation)
    {
        var definition = (method.PartialImplementationPart ?? method).OriginalDefinition;
        if (reading.Body(definition) is not { } body)
            return Bodiless(method, receiver, arguments, operation);
        if (method.IsAsync)
            return Unsupported(operation, "an async method", "make it an ordinary one");
        var scope = new Scope(null);
        if (definition.ContainingType is { IsExtension: true, ExtensionParameter: { } extended })
            scope.Declare(extended, receiver);
        Bind(scope, definition.Parameters, arguments, cells);
        var self = receiver as Cell ?? (receiver is null ? null : new Cell(receiver));
        return Activate(new Frame(scope, self, Types(method)) { Yielded = IsIterator(body, definition) ? [] : null }, body, operation, Stem(method));
    }

    // What a record's synthesised members do, and what has no body at all.
    private object? Bodiless(IMethodSymbol method, object? receiver, object?[] arguments, IOperation operation)
    {
        switch (method.MethodKind, method.Name)
        {
            case (MethodKind.PropertyGet, _) when method.AssociatedSymbol is IPropertySymbol property:
                return AutoProperty(property, receiver, operation);
            case (_, "op_Equality"): return Arithmetic.AreEqual(arguments[0], arguments[1]);
            case (_, "op_Inequality"): return !Arithmetic.AreEqual(arguments[0], arguments[1]);
            case (_, "Equals"): return Equals(receiver, arguments[0]);
            case (_, "ToString"): return Text(receiver, null);
            default:
                return Unsupported(operation, $"{method.Name}, which has no body,", "call a method with a body");
        }
    }

    private object? CallClosure(Function.Closure closure, object?[] arguments, Cell?[]? cells, IOperation operation, IReadOnlyDictionary<ITypeParameterSymbol, ITypeSymbol>? types = null)
    {
        if (closure.Body is not { } body)
            return Unknown.Value;
        if (closure.Symbol.IsAsync)
            return Unsupported(operation, "an async function", "make it an ordinary one");
        var scope = new Scope(closure.Frame.Scope);
        Bind(scope, closure.Symbol.OriginalDefinition.Parameters, arguments, cells);
        var known = closure.Frame.Types;
        if (types is { Count: > 0 })
            known = known.Concat(types).GroupBy(pair => pair.Key, SymbolEqualityComparer.Default).ToDictionary(g => (ITypeParameterSymbol)g.Key!, g => g.Last().Value, TypeComparer);
        var inner = new Frame(scope, closure.Frame.Self, known) { Yielded = closure.IsLocalFunction && IsIterator(body, closure.Symbol) ? [] : null };
        return Activate(inner, body, operation, closure.IsLocalFunction ? closure.Symbol.Name : null);
    }

    private static readonly IEqualityComparer<ITypeParameterSymbol> TypeComparer = SymbolEqualityComparer.Default;

    private static void Bind(Scope scope, IReadOnlyList<IParameterSymbol> parameters, object?[] arguments, Cell?[]? cells)
    {
        for (var i = 0; i < parameters.Count; i++)
            scope.Declare(parameters[i].OriginalDefinition, cells?[i] ?? new Cell(i < arguments.Length ? arguments[i] : Unknown.Value));
    }

    private static string Stem(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.PropertyGet => method.AssociatedSymbol!.Name,
        _ => method.Name,
    };

    /// <summary>Runs a body in a frame. An iterator runs to its end anew each time its sequence is read.</summary>
    private object? Activate(Frame activation, IOperation body, IOperation operation, string? stem)
    {
        if (activation.Yielded is null)
            return Enter(activation, body, operation, stem);
        IEnumerable<object?> Items()
        {
            activation.Yielded.Clear();
            Enter(activation, body, operation, stem);
            foreach (var item in activation.Yielded.ToArray())
                yield return item;
        }
        return Items();
    }

    private object? Enter(Frame activation, IOperation body, IOperation operation, string? stem)
    {
        if (depth >= DepthLimit)
            throw Spent(operation.Syntax.GetLocation(), "NNG0104", DepthLimit);
        var (outerFrame, outerPlace, outerScope) = (frame, place, activation.Scope);
        var (outerReceivers, outerAccessed) = (receivers.Count, accessed.Count);
        depth++;
        frame = activation;
        if (stem is not null)
            place = place.Child(Place.Camel(stem));
        try
        {
            Body(body);
            return activation.Returned;
        }
        catch (Exception e) when (e is Undecided or UnknownAnswer)
        {
            return Unknown.Value;
        }
        finally
        {
            depth--;
            (frame, place) = (outerFrame, outerPlace);
            activation.Scope = outerScope;
            while (receivers.Count > outerReceivers)
                receivers.Pop();
            while (accessed.Count > outerAccessed)
                accessed.Pop();
        }
    }

    private void Body(IOperation body)
    {
        switch (body)
        {
            case IMethodBodyBaseOperation method:
                Execute(method.BlockBody ?? method.ExpressionBody);
                break;
            default:
                Execute(body);
                break;
        }
    }

    private static bool IsIterator(IOperation body, IMethodSymbol method) =>
        method.ReturnType.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T or SpecialType.System_Collections_Generic_IEnumerator_T
        && body.Descendants().Any(inner => inner.Kind is OperationKind.YieldReturn or OperationKind.YieldBreak && !IsNested(inner, body));

    private static bool IsNested(IOperation inner, IOperation body)
    {
        for (var parent = inner.Parent; parent is not null && parent != body; parent = parent.Parent)
            if (parent is ILocalFunctionOperation or IAnonymousFunctionOperation)
                return true;
        return false;
    }

    /// <summary>Calls what a delegate holds.</summary>
    internal object? Apply(Function function, object?[] arguments, IOperation operation, IOperation at, Cell?[]? cells = null)
    {
        Step(operation);
        switch (function)
        {
            case Function.Closure closure:
                return CallClosure(closure, arguments, cells, operation);
            case Function.Method method:
                return Invoke(method.Symbol, method.Receiver, arguments, operation, at, cells);
            default:
                return arguments is [Value x] ? Through(function, x, at.Syntax.GetLocation(), operation) : Unknown.Value;
        }
    }

    /// <summary>Types that a method's type parameters stand for, its type's included.</summary>
    private IReadOnlyDictionary<ITypeParameterSymbol, ITypeSymbol> Types(IMethodSymbol method)
    {
        if (!method.IsGenericMethod && method.ContainingType is not { IsGenericType: true })
            return NoTypes;
        var types = new Dictionary<ITypeParameterSymbol, ITypeSymbol>(TypeComparer);
        for (var i = 0; i < method.TypeArguments.Length; i++)
            types[method.OriginalDefinition.TypeParameters[i]] = Resolve(method.TypeArguments[i]);
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
            for (var i = 0; i < type.TypeArguments.Length; i++)
                types[type.OriginalDefinition.TypeParameters[i]] = Resolve(type.TypeArguments[i]);
        return types;
    }

    private static readonly IReadOnlyDictionary<ITypeParameterSymbol, ITypeSymbol> NoTypes = new Dictionary<ITypeParameterSymbol, ITypeSymbol>(SymbolEqualityComparer.Default);

    /// <summary>A generic method over what the type parameters of the function around it stand for.</summary>
    private IMethodSymbol Construct(IMethodSymbol method) =>
        method.IsGenericMethod && frame.Types.Count > 0 && method.TypeArguments.Any(type => !ReferenceEquals(Resolve(type), type))
            ? method.ConstructedFrom.Construct([.. method.TypeArguments.Select(Resolve)]) : method;
}
