using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private object? ArrayCreation(IArrayCreationOperation operation)
    {
        if (operation.Type is not IArrayTypeSymbol { Rank: 1 } type)
            return Unsupported(operation, "an array of several dimensions", "use an array of arrays");
        if (operation.Initializer is { } initializer)
            return Sequence.Array(initializer.ElementValues.Select(value => value is IArrayInitializerOperation ? Unknown.Value : Evaluate(value)));
        var size = operation.DimensionSizes.Length == 1 ? Evaluate(operation.DimensionSizes[0]) : Unknown.Value;
        if (!Arithmetic.IsNumber(size))
            return Unknown.Value;
        var count = Arithmetic.ToLong(size);
        if (count < 0)
            throw Throws(operation, "OverflowException", $"an array of {count} elements");
        if (count > StepLimit)
            throw Endless(operation);
        return Sequence.Array(Enumerable.Range(0, (int)count).Select(_ => Default(type.ElementType)));
    }

    private object? ArrayElement(IArrayElementReferenceOperation operation)
    {
        var array = Evaluate(operation.ArrayReference);
        if (operation.Indices.Length != 1)
            return array is Unknown ? array : Unsupported(operation, "an array of several dimensions", "use an array of arrays");
        return Element(operation, array, Evaluate(operation.Indices[0]));
    }

    private object? ImplicitIndexer(IImplicitIndexerReferenceOperation operation) => Element(operation, Evaluate(operation.Instance), Evaluate(operation.Argument));

    internal object? Element(IOperation operation, object? collection, object? index)
    {
        if (collection is null)
            throw Throws(operation, "NullReferenceException", "the collection is null");
        if (index is Range range)
            return collection switch
            {
                Sequence sequence => Sequence.Array(sequence.Items.GetRange(Start(range, sequence.Items.Count), Length(range, sequence.Items.Count))),
                string text => text.Substring(Start(range, text.Length), Length(range, text.Length)),
                _ => Unknown.Value,
            };
        if (collection is string characters)
            return Offset(index, characters.Length) is not { } position ? Unknown.Value
                : position >= 0 && position < characters.Length ? characters[position]
                : throw Throws(operation, "IndexOutOfRangeException", $"index {position} of {characters.Length} characters");
        if (collection is Map map)
            return index is null or Unknown ? Unknown.Value : map.Entries.TryGetValue(index, out var entry) ? entry
                : throw Throws(operation, "KeyNotFoundException", $"the dictionary has no {Text(index, null)}");
        if (collection is not Sequence items || Offset(index, items.Items.Count) is not { } at)
            return Unknown.Value;
        return at >= 0 && at < items.Items.Count ? items.Items[at]
            : throw Throws(operation, items.Kind == SequenceKind.Array ? "IndexOutOfRangeException" : "ArgumentOutOfRangeException", $"index {at} of {items.Items.Count} elements");

        int Start(Range r, int count) => Bounds(r, count).Offset;
        int Length(Range r, int count) => Bounds(r, count).Length;
        (int Offset, int Length) Bounds(Range r, int count)
        {
            var (start, end) = (r.Start.GetOffset(count), r.End.GetOffset(count));
            return 0 <= start && start <= end && end <= count ? (start, end - start)
                : throw Throws(operation, "ArgumentOutOfRangeException", $"the range {start}..{end} of {count} elements");
        }
    }

    private object? Collection(ICollectionExpressionOperation operation)
    {
        var items = new List<object?>();
        foreach (var element in operation.Elements)
            if (element is ISpreadOperation spread)
            {
                var inner = Evaluate(spread.Operand);
                if (Elements(inner) is not { } elements)
                    return inner is Unknown ? inner : inner is null ? throw Throws(spread, "NullReferenceException", "the collection is null")
                        : Unsupported(spread, $"spreading {spread.Operand.Type?.ToDisplayString()}", "spread an array or a list");
                foreach (var item in elements)
                {
                    Step(spread);
                    items.Add(item is Unknown || spread.ElementType is null ? item : Converted(spread, item, ElementType(operation.Type) ?? spread.ElementType));
                }
            }
            else
                items.Add(Evaluate(element));
        return operation.Type switch
        {
            IArrayTypeSymbol => new Sequence(SequenceKind.Array, items),
            INamedTypeSymbol { Name: "List" or "IList" or "ICollection" } => new Sequence(SequenceKind.List, items),
            INamedTypeSymbol { Name: "HashSet" } => new Sequence(SequenceKind.Set, items.Distinct().ToList()),
            INamedTypeSymbol { Name: "ImmutableArray" or "ImmutableList" } => new Sequence(SequenceKind.Array, items) { IsFrozen = true },
            INamedTypeSymbol { Name: "IEnumerable" or "IReadOnlyList" or "IReadOnlyCollection" or "Span" or "ReadOnlySpan" } => new Sequence(SequenceKind.Array, items),
            null => Unknown.Value,
            var other => Unsupported(operation, $"a collection expression of type {other.Name}", "make an array or a List"),
        };
    }

    private static ITypeSymbol? ElementType(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var element] } => element,
        _ => null,
    };

    /// <summary>What a sequence enumerates; null where it is none. Each element counts as a step, so that an endless one ends.</summary>
    internal IEnumerable<object?>? Elements(object? value) => value switch
    {
        string text => text.Select(character => (object?)character),
        IEnumerable<object?> items => Counted(items),
        _ => null,
    };

    private IEnumerable<object?> Counted(IEnumerable<object?> items)
    {
        using var enumerator = items.GetEnumerator();
        while (Next(enumerator))
        {
            if (++steps > StepLimit && current is { } operation)
                throw Endless(operation);
            yield return enumerator.Current;
        }
    }

    // LINQ's sequences run here, long after the call that made them.
    private bool Next(IEnumerator<object?> items)
    {
        try
        {
            return items.MoveNext();
        }
        catch (UnknownAnswer)
        {
            throw new Undecided();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or OverflowException && current is not null)
        {
            throw Throws(current!, e.GetType().Name, e.Message.Split('\n')[0].TrimEnd('\r'));
        }
    }
}
