using Microsoft.CodeAnalysis;

namespace NNGen.Generators.Read;

/// <summary>A call of a member of the BCL: its known arguments, and how to call the functions among them.</summary>
internal sealed class LibraryCall(IMethodSymbol method, object? receiver, object?[] arguments, Cell?[]? cells, Func<Function, object?[], object?> apply, Evaluator evaluator)
{
    public IMethodSymbol Method => method;

    public object? Receiver => receiver;

    public int Count => arguments.Length;

    public object? this[int argument] => arguments[argument];

    public int Int(int argument) => (int)arguments[argument]!;

    public Sequence Self => (Sequence)receiver!;

    public Map Map => (Map)receiver!;

    public string Text => (string)receiver!;

    public IEnumerable<object?> Items(int argument) => evaluator.Elements(arguments[argument]) ?? throw new ArgumentNullException(method.Parameters[argument].Name);

    public bool IsFunction(int argument) => argument < arguments.Length && arguments[argument] is Function;

    /// <summary>How many parameters the delegate in an argument takes.</summary>
    public int Arity(int argument) => (method.Parameters[argument].Type as INamedTypeSymbol)?.DelegateInvokeMethod?.Parameters.Length ?? 1;

    public object? Apply(int argument, params object?[] values) => apply((Function)arguments[argument]!, values);

    /// <summary>Assigns an out parameter, the default of its type where there is nothing; and returns whether there was something.</summary>
    public bool Out(int argument, bool found, Func<object?> value)
    {
        if (cells?[argument] is { } cell)
            cell.Content = found ? value() : evaluator.Default(method.Parameters[argument].Type);
        return found;
    }

    /// <summary>A predicate's answer; an unknown one ends the function that asked.</summary>
    public bool Holds(int argument, params object?[] values) => Apply(argument, values) is bool answer ? answer : throw new UnknownAnswer();

    /// <summary>A number in the type of the method's result.</summary>
    public object? Result(object? number) => Arithmetic.Convert(number, method.ReturnType.SpecialType, @checked: true);
}

/// <summary>Something that the BCL would decide by is unknown.</summary>
internal sealed class UnknownAnswer : Exception;

internal delegate object? LibraryMember(LibraryCall call);

/// <summary>The part of the BCL that functions of sizes are written with: mathematics, strings, collections, LINQ over sequences.</summary>
internal static partial class Library
{
    private static readonly Dictionary<string, LibraryMember> Members =
        new[] { Mathematics, Strings, Collections, Linq }.SelectMany(rows => rows).ToDictionary(row => row.Key, row => row.Value);

    /// <summary>The meaning of a member, by its type's and its own name; null for what is not known here.</summary>
    public static LibraryMember? Find(IMethodSymbol method) =>
        method.ContainingType is { } type && IsSystem(type) && Members.TryGetValue($"{type.Name}.{method.Name}", out var member) ? member
        : method.ContainingType is { TypeKind: TypeKind.Interface } || IsCollection(method.ContainingType) && Members.ContainsKey($"List.{method.Name}")
            ? Members.TryGetValue($"List.{method.Name}", out var general) ? general : null
        : null;

    private static bool IsSystem(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
            space = space.ContainingNamespace;
        return space is { Name: "System" };
    }

    private static bool IsCollection(INamedTypeSymbol? type) => type is not null && IsSystem(type)
        && type.Name is "List" or "Stack" or "Queue" or "HashSet" or "Array" or "ImmutableArray" or "ImmutableList" or "Span" or "ReadOnlySpan";

    /// <summary>Constants that are static fields or properties.</summary>
    public static object? Constant(IFieldSymbol field) => (field.ContainingType.Name, field.Name) switch
    {
        ("String", "Empty") => "",
        _ => null,
    };

    /// <summary>An object of the BCL; null for a type that is not known here.</summary>
    public static object? Create(INamedTypeSymbol type, object?[] arguments, Evaluator evaluator)
    {
        if (!IsSystem(type))
            return null;
        SequenceKind? kind = type.Name switch
        {
            "List" => SequenceKind.List,
            "Stack" => SequenceKind.Stack,
            "Queue" => SequenceKind.Queue,
            "HashSet" or "SortedSet" => SequenceKind.Set,
            _ => null,
        };
        var given = arguments.Length > 0 ? evaluator.Elements(arguments[0])?.ToList() : null;
        return type.Name switch
        {
            _ when kind is { } known => new Sequence(known, known == SequenceKind.Set ? [.. (given ?? []).Distinct()] : given ?? []),
            "Dictionary" or "SortedDictionary" => given is null ? new Map() : Filled(given),
            "ValueTuple" or "KeyValuePair" => new TupleValue(arguments),
            "Index" when arguments is [int value, bool fromEnd] && value >= 0 => new Index(value, fromEnd),
            "String" when arguments is [char character, int count] && count is >= 0 and < 10_000 => new string(character, count),
            "Object" => new object(),
            _ => null,
        };
    }

    private static Map Filled(IEnumerable<object?> pairs)
    {
        var map = new Map();
        foreach (var pair in pairs)
            if (pair is TupleValue { Items: [{ } key, var value] })
                map.Set(key, value);
        return map;
    }
}
