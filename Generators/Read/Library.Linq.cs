using Microsoft.CodeAnalysis;

namespace NNGen.Generators.Read;

// Lazy as LINQ is: a layer that a Select makes is made anew each time the sequence is read.
internal static partial class Library
{
    private static IEnumerable<KeyValuePair<string, LibraryMember>> Linq => new (string Name, LibraryMember Member)[]
    {
        ("Range", call => call.Int(1) < 0 ? throw new ArgumentOutOfRangeException("count") : Lazily(Counting(call.Int(0), call.Int(1)))),
        ("Repeat", call => call.Int(1) < 0 ? throw new ArgumentOutOfRangeException("count") : Lazily(Counting(0, call.Int(1)).Select(_ => call[0]))),
        ("Empty", _ => Sequence.Array([])),
        ("Select", call => Lazily(call.Arity(1) == 2 ? call.Items(0).Select((item, i) => call.Apply(1, item, i)) : call.Items(0).Select(item => call.Apply(1, item)))),
        ("SelectMany", call => Lazily(call.Items(0).SelectMany(item => Inner(call.Apply(1, item)).Select(inner => call.Count > 2 ? call.Apply(2, item, inner) : inner)))),
        ("Where", call => Lazily(call.Arity(1) == 2 ? call.Items(0).Where((item, i) => call.Holds(1, item, i)) : call.Items(0).Where(item => call.Holds(1, item)))),
        ("Aggregate", Aggregate),
        ("Zip", call => Lazily(call.Count == 2 ? call.Items(0).Zip(call.Items(1), (a, b) => (object?)new TupleValue([a, b]))
            : call.IsFunction(2) ? call.Items(0).Zip(call.Items(1), (a, b) => call.Apply(2, a, b))
            : call.Items(0).Zip(call.Items(1), (a, b) => (a, b)).Zip(call.Items(2), (ab, c) => (object?)new TupleValue([ab.a, ab.b, c])))),
        ("Index", call => Lazily(call.Items(0).Select((item, i) => (object?)new TupleValue([i, item])))),
        ("Reverse", call => Lazily(call.Items(0).Reverse())),
        ("Concat", call => Lazily(call.Items(0).Concat(call.Items(1)))),
        ("Append", call => Lazily(call.Items(0).Concat([call[1]]))),
        ("Prepend", call => Lazily(new[] { call[1] }.Concat(call.Items(0)))),
        ("Skip", call => Lazily(call.Items(0).Skip(call.Int(1)))),
        ("Take", call => Lazily(call[1] is Range range ? Slice([.. call.Items(0)], range) : call.Items(0).Take(call.Int(1)))),
        ("SkipLast", call => Lazily(Defer(() => call.Items(0).ToList() is var all ? all.Take(Math.Max(0, all.Count - call.Int(1))) : []))),
        ("TakeLast", call => Lazily(Defer(() => call.Items(0).ToList() is var all ? all.Skip(Math.Max(0, all.Count - call.Int(1))) : []))),
        ("SkipWhile", call => Lazily(call.Items(0).SkipWhile(item => call.Holds(1, item)))),
        ("TakeWhile", call => Lazily(call.Items(0).TakeWhile(item => call.Holds(1, item)))),
        ("Distinct", call => Lazily(call.Items(0).Distinct())),
        ("Chunk", call => call.Int(1) < 1 ? throw new ArgumentOutOfRangeException("size") : Lazily(Defer(() => call.Items(0).Select((item, i) => (item, i)).GroupBy(p => p.i / call.Int(1), p => p.item).Select(g => (object?)Sequence.Array(g))))),
        ("OrderBy", call => Lazily(call.Items(0).OrderBy(item => call.Apply(1, item), Order))),
        ("OrderByDescending", call => Lazily(call.Items(0).OrderByDescending(item => call.Apply(1, item), Order))),
        ("Order", call => Lazily(call.Items(0).OrderBy(item => item, Order))),
        ("OrderDescending", call => Lazily(call.Items(0).OrderByDescending(item => item, Order))),
        ("DefaultIfEmpty", call => Lazily(call.Count > 1 ? call.Items(0).DefaultIfEmpty(call[1]) : throw new NotSupportedException("DefaultIfEmpty needs its default written"))),
        ("Cast", call => Lazily(call.Items(0))),
        ("AsEnumerable", call => Lazily(call.Items(0))),
        ("ToArray", call => Sequence.Array(call.Items(0))),
        ("ToList", call => new Sequence(SequenceKind.List, [.. call.Items(0)])),
        ("ToHashSet", call => new Sequence(SequenceKind.Set, [.. call.Items(0).Distinct()])),
        ("ToDictionary", call => Filled(call.Items(0).Select(item => (object?)(call.Count == 1 ? item : new TupleValue([call.Apply(1, item), call.IsFunction(2) ? call.Apply(2, item) : item]))))),
        ("Sum", call => Total(call, call.IsFunction(1) ? call.Items(0).Select(item => call.Apply(1, item)) : call.Items(0))),
        ("Average", call => Selected(call).ToList() is { Count: > 0 } all ? all.Contains(Unknown.Value) ? Unknown.Value : call.Result(all.Average(Real)) : throw new InvalidOperationException("the sequence is empty")),
        ("Max", call => Extreme(Selected(call), 1)),
        ("Min", call => Extreme(Selected(call), -1)),
        ("MaxBy", call => call.Items(0).Aggregate((best, item) => Order.Compare(call.Apply(1, item), call.Apply(1, best)) > 0 ? item : best)),
        ("MinBy", call => call.Items(0).Aggregate((best, item) => Order.Compare(call.Apply(1, item), call.Apply(1, best)) < 0 ? item : best)),
        ("Any", call => call.IsFunction(1) ? call.Items(0).Any(item => call.Holds(1, item)) : call.Items(0).Any()),
        ("All", call => call.Items(0).All(item => call.Holds(1, item))),
        ("Count", call => Where(call).Count()),
        ("LongCount", call => (long)Where(call).Count()),
        ("First", call => Where(call).First()),
        ("Last", call => Where(call).Last()),
        ("Single", call => Where(call).Single()),
        ("FirstOrDefault", call => Where(call).Concat([Absent(call)]).First()),
        ("LastOrDefault", call => new[] { Absent(call) }.Concat(Where(call)).Last()),
        ("ElementAt", call => call[1] is Index index ? call.Items(0).ToList() is var all ? all[index.GetOffset(all.Count)] : null : call.Items(0).ElementAt(call.Int(1))),
        ("Contains", call => call.Items(0).Contains(call[1])),
        ("SequenceEqual", call => call.Items(0).SequenceEqual(call.Items(1))),
    }.Select(row => new KeyValuePair<string, LibraryMember>("Enumerable." + row.Name, row.Member));

    // A type of its own, since a list that LINQ returned unwrapped could be cast and changed.
    private static object Lazily(IEnumerable<object?> items) => items.Select(item => item);

    private static IEnumerable<object?> Defer(Func<IEnumerable<object?>> items)
    {
        foreach (var item in items())
            yield return item;
    }

    private static IEnumerable<object?> Counting(int start, int count)
    {
        for (var i = 0; i < count; i++)
            yield return checked(start + i);
    }

    private static IEnumerable<object?> Inner(object? value) => value as IEnumerable<object?> ?? throw new UnknownAnswer();

    private static IEnumerable<object?> Slice(List<object?> all, Range range)
    {
        var start = Math.Max(0, Math.Min(all.Count, range.Start.GetOffset(all.Count)));
        var end = Math.Max(start, Math.Min(all.Count, range.End.GetOffset(all.Count)));
        return all.GetRange(start, end - start);
    }

    private static object? Aggregate(LibraryCall call)
    {
        if (call.Count == 2)
            return call.Items(0).Aggregate((sum, item) => call.Apply(1, sum, item));
        var result = call.Items(0).Aggregate(call[1], (sum, item) => call.Apply(2, sum, item));
        return call.Count == 4 ? call.Apply(3, result) : result;
    }

    private static IEnumerable<object?> Where(LibraryCall call) => call.IsFunction(1) ? call.Items(0).Where(item => call.Holds(1, item)) : call.Items(0);

    private static IEnumerable<object?> Selected(LibraryCall call) => call.IsFunction(1) ? call.Items(0).Select(item => call.Apply(1, item)) : call.Items(0);

    private static object? Absent(LibraryCall call) =>
        call.Count > 1 && !call.IsFunction(call.Count - 1) ? call[call.Count - 1]
        : call.Method.ReturnType.IsReferenceType ? null
        : Arithmetic.Zero(call.Method.ReturnType.SpecialType) ?? Unknown.Value;

    private static object? Total(LibraryCall call, IEnumerable<object?> numbers)
    {
        var kind = Microsoft.CodeAnalysis.Operations.BinaryOperatorKind.Add;
        return numbers.Aggregate(Arithmetic.Zero(call.Method.ReturnType.SpecialType), (sum, number) =>
            sum is Unknown || number is Unknown ? Unknown.Value : Arithmetic.Binary(kind, sum, number, @checked: true));
    }

    private static object? Extreme(IEnumerable<object?> items, int sign) =>
        items.Aggregate((best, item) => best is Unknown || item is Unknown ? Unknown.Value : Order.Compare(item, best) * sign > 0 ? item : best);
}
