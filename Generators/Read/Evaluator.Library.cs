using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    /// <summary>Calls a member of the BCL; what it throws, the user's program would throw.</summary>
    private object? Borrow(LibraryMember member, IMethodSymbol method, object? receiver, object?[] arguments, IOperation operation, Cell?[]? cells)
    {
        if (receiver is Unknown || arguments.Where((argument, i) => argument is Unknown && cells?[i] is null).Any() && method.Name is not ("Add" or "Push" or "Enqueue" or "Append" or "Prepend" or "Create" or "Aggregate"))
            return Unknown.Value;
        var call = new LibraryCall(method, receiver, arguments, cells, (function, values) => Apply(function, values, operation, operation), this);
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
}
