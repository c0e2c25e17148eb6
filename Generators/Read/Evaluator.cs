using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

/// <summary>
/// Evaluates the functions of a network over Roslyn's operations: tensors are symbolic and grow a graph, everything else is concrete. What cannot be known
/// is <see cref="Unknown"/>, in silence, once the reason was said. Each kind of operation has a small method of its own, which keeps the stack low.
/// </summary>
internal sealed partial class Evaluator
{
    private const int StepLimit = 500_000, NodeLimit = 20_000, DepthLimit = 200;

    /// <summary>Ends the evaluation of the whole network: a budget is spent.</summary>
    private sealed class Stopped : Exception;

    /// <summary>Ends the function that is being evaluated: what it does next depends on something unknown.</summary>
    private sealed class Undecided : Exception;

    /// <summary>An exception of the user's code on its way to a `catch`.</summary>
    private sealed class Raised(Thrown thrown) : Exception
    {
        public Thrown Thrown { get; } = thrown;
    }

    private readonly List<Location?> origins = [];
    private readonly Dictionary<int, Owner> rawParameters = [];
    private readonly Stack<Cell> receivers = new();
    private readonly Reading reading;
    private readonly Copy network;
    private Frame frame = new(new Scope(null), null, NoTypes);
    private Place place;
    private Copy copy;
    private IOperation? current;
    private int steps;
    private int depth;
    private int catching;
    private int owners;
    private int located;

    public Evaluator(Reading reading, Copy network) => (this.reading, this.network, copy, place) = (reading, network, network, network.Root);

    public GraphBuilder Graph { get; } = new();

    /// <summary>Where each node was written, for faults that are found behind the wall; null, or no entry, for an input.</summary>
    public IReadOnlyList<Location?> Origins => origins;

    /// <summary>Evaluates and keeps what ends an evaluation from leaving.</summary>
    public object? Run(Func<object?> evaluation)
    {
        var (savedFrame, savedPlace, savedCopy, savedDepth) = (frame, place, copy, depth);
        try
        {
            return evaluation();
        }
        catch (Exception e) when (e is Stopped or Undecided or Raised or UnknownAnswer)
        {
            return Unknown.Value;
        }
        catch (InsufficientExecutionStackException)
        {
            if (current is { } operation)
                Report("NNG0104", operation.Syntax.GetLocation(), DepthLimit.ToString());
            return Unknown.Value;
        }
        finally
        {
            (frame, place, copy, depth) = (savedFrame, savedPlace, savedCopy, savedDepth);
        }
    }

    public object? Evaluate(IOperation? operation)
    {
        if (operation is null)
            return Unknown.Value;
        Step(operation);
        if (operation.ConstantValue is { HasValue: true } constant)
            return constant.Value;
        return operation.Type is IErrorTypeSymbol ? Unknown.Value : Dispatch(operation);
    }

    public void Report(string id, Location at, params string[] arguments) => reading.Report(new Fault(id, arguments), at);

    /// <summary>Says that something cannot be evaluated, unless the C# compiler complains there anyway.</summary>
    private Unknown Refuse(IOperation operation, string id, params string[] arguments)
    {
        if (!reading.CompilerComplains(operation.Syntax))
            Report(id, operation.Syntax.GetLocation(), arguments);
        return Unknown.Value;
    }

    private Unknown Unsupported(IOperation operation, string what, string instead) => Refuse(operation, "NNG0101", what, instead);

    /// <summary>What running this would throw: caught by the user's code, or a fault.</summary>
    private Exception Throws(IOperation operation, string exception, string message, ITypeSymbol? type = null)
    {
        if (catching > 0)
            return new Raised(new Thrown(type, exception, message));
        Refuse(operation, "NNG0105", exception, message);
        return new Undecided();
    }

    private void Step(IOperation operation)
    {
        current = operation;
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if ((++steps & 0xFFF) == 0)
            reading.Cancellation.ThrowIfCancellationRequested();
        if (steps > StepLimit)
            throw Endless(operation);
    }

    /// <summary>Said at the head of the loop around the operation, where there is one.</summary>
    private Stopped Endless(IOperation operation)
    {
        var loop = operation.Syntax.FirstAncestorOrSelf<StatementSyntax>(node => node is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax);
        return Spent(loop?.GetFirstToken().GetLocation() ?? operation.Syntax.GetLocation(), "NNG0103", StepLimit);
    }

    private Stopped Spent(Location at, string id, int limit)
    {
        Report(id, at, limit.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
        return new Stopped();
    }

    /// <summary>Grows the graph and gives the faults it found, and the nodes it made, the place of what was evaluated.</summary>
    private object? Grow(Location at, Func<object?> grow)
    {
        var nodes = Graph.Count;
        var result = grow();
        for (; located < Graph.Faults.Count; located++)                         // those found further inside have their place
            reading.Report(Graph.Faults[located], at);
        while (origins.Count < Graph.Count)
            origins.Add(null);
        for (; nodes < Graph.Count; nodes++)
            origins[nodes] ??= at;
        if (Graph.Count > NodeLimit)
            throw Spent(at, "NNG0106", NodeLimit);
        return result is Value { IsUnknown: true } ? Unknown.Value : result;
    }

    private bool Truth(object? value) => value is bool truth ? truth : throw new Undecided();

    private T Known<T>(object? value) => value is T known ? known : throw new Undecided();
}
