using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    /// <summary>Calls a member of the BCL; what it throws, the user's program would throw.</summary>
    private object? Borrow(LibraryMember member, IMethodSymbol method, object? receiver, object?[] arguments, IOperation operation, Cell?[]? cells)
    {
        if (receiver is Unknown || arguments.Contains(Unknown.Value) && method.Name is not ("Add" or "Push" or "Enqueue" or "Append" or "Prepend" or "TryGetValue" or "Create" or "Aggregate"))
            return Unknown.Value;
        if (method.Name == "TryGetValue" && receiver is Map map && cells?[1] is { } found)
        {
            var has = map.Entries.TryGetValue(arguments[0]!, out var value);
            found.Content = has ? value : Default(method.Parameters[1].Type);
            return has;
        }
        if (method.Name is "TryPop" or "TryPeek" or "TryDequeue" && receiver is Sequence pile && cells?[0] is { } top)
            return TryTake(pile, method, top);
        var call = new LibraryCall(method, receiver, arguments, (function, values) => Apply(function, values, operation, operation), Elements);
        try
        {
            return member(call);
        }
        catch (UnknownAnswer)
        {
            return Unknown.Value;
        }
        catch (NotSupportedException e)
        {
            return Unsupported(operation, method.Name, e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KeyNotFoundException or OverflowException or FormatException or DivideByZeroException)
        {
            throw Throws(operation, e.GetType().Name, e.Message.Split('\n')[0].TrimEnd('\r'));
        }
        catch (Exception e) when (e is InvalidCastException or NullReferenceException or IndexOutOfRangeException)
        {
            return Refuse(operation, "NNG0102", Describe(method), method.ContainingAssembly?.Name ?? "");    // an overload that is not known here
        }
    }

    private bool TryTake(Sequence pile, IMethodSymbol method, Cell found)
    {
        var has = pile.Items.Count > 0;
        var at = pile.Kind == SequenceKind.Queue ? 0 : pile.Items.Count - 1;
        found.Content = has ? pile.Items[at] : Default(method.Parameters[0].Type);
        if (has && method.Name != "TryPeek")
            pile.Items.RemoveAt(at);
        return has;
    }

}
