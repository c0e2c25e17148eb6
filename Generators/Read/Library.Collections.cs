namespace NNGen.Generators.Read;

internal static partial class Library
{
    private static IEnumerable<KeyValuePair<string, LibraryMember>> Collections =>
    [
        new("Array.get_Length", Size),
        new("Array.get_LongLength", call => (long)call.Self.Items.Count),
        new("Array.Empty", _ => Sequence.Array([])),
        new("Array.Reverse", call => Change((Sequence)call[0]!, items => items.Reverse())),
        new("Array.Fill", call => Change((Sequence)call[0]!, items => { for (var i = 0; i < items.Count; i++) items[i] = call[1]; })),
        new("Array.IndexOf", call => ((Sequence)call[0]!).Items.IndexOf(call[1])),
        new("Array.Clone", call => Sequence.Array(call.Self.Items)),
        new("Array.ConvertAll", call => Sequence.Array(call.Items(0).Select(item => call.Apply(1, item)))),
        new("Array.TrueForAll", call => call.Items(0).All(item => call.Holds(1, item))),
        new("Array.Exists", call => call.Items(0).Any(item => call.Holds(1, item))),
        new("Array.ForEach", call => { foreach (var item in call.Items(0)) call.Apply(1, item); return Nothing.Value; }),

        new("List.get_Count", Size),
        new("List.get_Length", Size),
        new("List.get_IsEmpty", call => call.Self.Items.Count == 0),
        new("List.get_Item", call => call.Receiver is Map map ? map.Entries.TryGetValue(call[0]!, out var entry) ? entry : throw new KeyNotFoundException("the key is not there") : call.Self.Items[call.Int(0)]),
        new("List.Add", call => call.Receiver is Map map ? Define(map, call[0]!, call[1]) : call.Self.Kind == SequenceKind.Set && call.Self.Items.Contains(call[0]) ? false
            : Grown(call, items => items.Add(call[0]))),
        new("List.AddRange", call => call.Items(0).ToList() is var added ? Grown(call, items => items.AddRange(added)) : null),
        new("List.Insert", call => Change(call.Self, items => items.Insert(call.Int(0), call[1]))),
        new("List.Remove", call => call.Receiver is Map map ? map.Remove(call[0]!) : Changed(call.Self, items => items.Remove(call[0]))),
        new("List.RemoveAt", call => Change(call.Self, items => items.RemoveAt(call.Int(0)))),
        new("List.RemoveRange", call => Change(call.Self, items => items.RemoveRange(call.Int(0), call.Int(1)))),
        new("List.RemoveAll", call => Changed(call.Self, items => items.RemoveAll(item => call.Holds(0, item)))),
        new("List.Clear", call => Change(call.Self, items => items.Clear())),
        new("List.Reverse", call => Change(call.Self, items => items.Reverse())),
        new("List.IndexOf", call => call.Self.Items.IndexOf(call[0])),
        new("List.Contains", call => call.Self.Items.Contains(call[0])),
        new("List.ToArray", call => Sequence.Array(call.Self)),
        new("List.GetRange", call => new Sequence(SequenceKind.List, call.Self.Items.GetRange(call.Int(0), call.Int(1)))),
        new("List.ForEach", call => { foreach (var item in call.Self.Items.ToArray()) call.Apply(0, item); return Nothing.Value; }),
        new("List.Exists", call => call.Self.Items.Any(item => call.Holds(0, item))),
        new("List.Find", call => call.Self.Items.FirstOrDefault(item => call.Holds(0, item))),
        new("List.FindIndex", call => call.Self.Items.FindIndex(item => call.Holds(0, item))),
        new("List.TrueForAll", call => call.Self.Items.All(item => call.Holds(0, item))),
        new("List.ConvertAll", call => new Sequence(SequenceKind.List, [.. call.Self.Items.Select(item => call.Apply(0, item))])),
        new("List.Sort", call => call.Count == 0 ? Change(call.Self, items => { var sorted = items.OrderBy(item => item, Order).ToList(); items.Clear(); items.AddRange(sorted); })
            : throw new NotSupportedException("Sort with a comparison is not known while compiling; use OrderBy")),
        new("List.AsReadOnly", call => call.Self),
        new("List.AsSpan", call => call.Self),

        new("Stack.Push", call => Grown(call, items => items.Add(call[0]))),
        new("Stack.Pop", call => Taken(call.Self, call.Self.Items.Count - 1, "the stack is empty")),
        new("Stack.Peek", call => call.Self.Items.Count > 0 ? call.Self.Items[call.Self.Items.Count - 1] : throw new InvalidOperationException("the stack is empty")),
        new("Stack.TryPop", call => call.Out(0, call.Self.Items.Count > 0, () => Taken(call.Self, call.Self.Items.Count - 1, ""))),
        new("Stack.TryPeek", call => call.Out(0, call.Self.Items.Count > 0, () => call.Self.Items[call.Self.Items.Count - 1])),
        new("Queue.TryDequeue", call => call.Out(0, call.Self.Items.Count > 0, () => Taken(call.Self, 0, ""))),
        new("Queue.TryPeek", call => call.Out(0, call.Self.Items.Count > 0, () => call.Self.Items[0])),
        new("Queue.Enqueue", call => Grown(call, items => items.Add(call[0]))),
        new("Queue.Dequeue", call => Taken(call.Self, 0, "the queue is empty")),
        new("Queue.Peek", call => call.Self.Items.Count > 0 ? call.Self.Items[0] : throw new InvalidOperationException("the queue is empty")),

        new("Dictionary.get_Item", call => call.Map.Entries.TryGetValue(call[0]!, out var entry) ? entry : throw new KeyNotFoundException($"the dictionary has no {Joined(call[0])}")),
        new("Dictionary.get_Count", call => call.Map.Keys.Count),
        new("Dictionary.get_Keys", call => Sequence.Array(call.Map.Keys)),
        new("Dictionary.get_Values", call => Sequence.Array(call.Map.Keys.Select(key => call.Map.Entries[key!]))),
        new("Dictionary.Add", call => Define(call.Map, call[0]!, call[1])),
        new("Dictionary.ContainsKey", call => call.Map.Entries.ContainsKey(call[0]!)),
        new("Dictionary.TryGetValue", call => call.Out(1, call.Map.Entries.ContainsKey(call[0]!), () => call.Map.Entries[call[0]!])),
        new("Dictionary.TryAdd", call => !call.Map.Entries.ContainsKey(call[0]!) && Define(call.Map, call[0]!, call[1]) is Nothing),
        new("Dictionary.Remove", call => call.Map.Remove(call[0]!)),
        new("Dictionary.GetValueOrDefault", call => call.Map.Entries.TryGetValue(call[0]!, out var entry) ? entry : call.Count > 1 ? call[1] : Unknown.Value),
        new("KeyValuePair.get_Key", call => ((TupleValue)call.Receiver!).Items[0]),
        new("KeyValuePair.get_Value", call => ((TupleValue)call.Receiver!).Items[1]),
        new("KeyValuePair.Create", call => new TupleValue([call[0], call[1]])),
        new("ValueTuple.Create", call => new TupleValue([.. Enumerable.Range(0, call.Count).Select(i => call[i])])),
        new("ValueTuple.Equals", call => Equals(call.Receiver, call[0])),
        new("Tuple.Create", call => new TupleValue([.. Enumerable.Range(0, call.Count).Select(i => call[i])])),
        new("Nullable.get_HasValue", call => call.Receiver is not null),
        new("Nullable.get_Value", call => call.Receiver ?? throw new InvalidOperationException("the value is null")),
        new("Nullable.GetValueOrDefault", call => call.Receiver ?? (call.Count > 0 ? call[0] : Arithmetic.Zero(call.Method.ReturnType.SpecialType))),
        new("ImmutableArray.Create", call => Frozen(call[0] is Sequence items && call.Count == 1 ? items.Items : Enumerable.Range(0, call.Count).Select(i => call[i]))),
        new("ImmutableArray.ToImmutableArray", call => Frozen(call.Items(0))),
        new("ImmutableList.ToImmutableList", call => Frozen(call.Items(0))),
        new("Type.get_Name", call => call.Receiver is Microsoft.CodeAnalysis.ITypeSymbol type ? type.Name : Unknown.Value),
        new("MemberInfo.get_Name", call => call.Receiver is Microsoft.CodeAnalysis.ITypeSymbol type ? type.Name : Unknown.Value),
        new("Exception.get_Message", call => call.Receiver is Thrown thrown ? thrown.Message : Unknown.Value),
        new("MemoryExtensions.AsSpan", call => call[0]),
    ];

    private static readonly IComparer<object?> Order = Comparer<object?>.Create((a, b) => Arithmetic.Compare(a, b) ?? throw new InvalidOperationException("these values have no order"));

    private static object? Size(LibraryCall call) => call.Receiver switch
    {
        Sequence sequence => sequence.Items.Count,
        Map map => map.Keys.Count,
        string text => text.Length,
        _ => Unknown.Value,
    };

    private static object? Grown(LibraryCall call, Action<List<object?>> change)
    {
        Change(call.Self, change);
        return call.Self.Kind == SequenceKind.Set ? true : Nothing.Value;
    }

    private static object? Change(Sequence sequence, Action<List<object?>> change)
    {
        if (sequence.IsFrozen)
            throw new NotSupportedException("this collection belongs to a static field or cannot change; fill one that is made inside the function");
        change(sequence.Items);
        return Nothing.Value;
    }

    private static T Changed<T>(Sequence sequence, Func<List<object?>, T> change)
    {
        var result = default(T)!;
        Change(sequence, items => result = change(items));
        return result;
    }

    private static object? Taken(Sequence sequence, int index, string empty) =>
        sequence.Items.Count == 0 ? throw new InvalidOperationException(empty)
        : Changed(sequence, items =>
        {
            var item = items[index];
            items.RemoveAt(index);
            return item;
        });

    private static object? Define(Map map, object key, object? value)
    {
        if (map.IsFrozen)
            throw new NotSupportedException("this dictionary belongs to a static field; fill one that is made inside the function");
        if (map.Entries.ContainsKey(key))
            throw new ArgumentException($"the dictionary has {Joined(key)} already");
        map.Set(key, value);
        return Nothing.Value;
    }

    private static Sequence Frozen(IEnumerable<object?> items) => new(SequenceKind.Array, [.. items]) { IsFrozen = true };
}
