using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using NNGen.Conformance.Running;
using NNGen.Conformance.Writing;

namespace NNGen.Conformance;

/// <summary>Compares NNGen with reference values of other libraries.</summary>
public static class Gradients
{
    /// <summary>Runs all cases below a folder, in the order of their names; lazily, several at a time.</summary>
    /// <param name="folder">A folder of folders with <c>case.json</c> and <c>data.safetensors</c>.</param>
    /// <param name="only">The only case to run, or null for all.</param>
    /// <exception cref="CaseException">There is no case, or one is malformed; thrown at once.</exception>
    public static IEnumerable<Outcome> Run(string folder, string? only = null)
    {
        var cases = Read(folder, only);
        return cases.AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(Run);
    }

    /// <summary>Reads all cases below a folder.</summary>
    /// <exception cref="CaseException">There is no case, or one is malformed.</exception>
    public static ImmutableArray<Case> Read(string folder, string? only = null) => [.. CaseReader.Folders(folder, only).Select(CaseReader.Read)];

    /// <summary>Runs one case.</summary>
    public static Outcome Run(Case from)
    {
        try
        {
            return Outcome.Of(from.Name, Families.Write(from) switch
            {
                Writing.Writing.Operation operation => [.. operation.Networks.SelectMany(network => OperationRun.Compare(network))],
                Writing.Writing.Trained trained => TrainingRun.Compare(from, trained.Candidates),
                Writing.Writing.Optimisation optimisation => OptimizerRun.Compare(from, optimisation.Optimizer),
                var other => throw new InvalidOperationException(other.ToString()),
            });
        }
        catch (UnsupportedException reason)
        {
            return new Outcome.Unsupported(from.Name, reason.Message);
        }
        catch (NetworkFault fault)
        {
            return new Outcome.Failed(from.Name, fault.Message);
        }
    }

    /// <summary>The C# that is written for a case; empty where none is.</summary>
    public static string Source(Case from)
    {
        try
        {
            return Families.Write(from) switch
            {
                Writing.Writing.Operation operation => string.Join("\n", operation.Networks.Select(network => network.Source)),
                Writing.Writing.Trained { Candidates: [var first, ..] } => first.Network.Source,
                _ => "",
            };
        }
        catch (UnsupportedException)
        {
            return "";
        }
    }
}
