using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>From the symbol of a [Network] class to its spec and faults.</summary>
public static class NetworkReader
{
    /// <summary>Reads a network. An internal fault becomes a diagnostic too: an exception would silence the generator and the analyzer for all networks.</summary>
    public static ReadResult Read(INamedTypeSymbol network, Compilation compilation, CancellationToken cancellation)
    {
        var reading = new Reading(compilation, cancellation);
        try
        {
            return Read(network, compilation, reading);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            reading.Report(new Fault("NNG9001", network.Name, $"{e.GetType().Name}: {e.Message}"), Structure.Name(network));
            var nothing = new NetworkSpec(Declarations.Of(network), [], [], [], [], false, [], true, Options(network, compilation));
            return new(nothing, [.. reading.Faults], [], [.. reading.Trees]);
        }
    }

    private static ReadResult Read(INamedTypeSymbol network, Compilation compilation, Reading reading)
    {
        reading.Visit(network);
        var functions = Structure.Check(network, reading);
        var signature = new Signature(functions, reading);
        var graphs = functions.Forward is null ? [] : Enumerable.Range(0, signature.Count).Select(k => new SpecialisationReader(network, functions, signature, reading, k)).ToList();
        foreach (var graph in graphs)
            graph.Read();
        CheckAgreement(graphs, reading);
        var faulty = functions.Forward is null || reading.Faults.Any(f => Descriptors.IsError(f.Fault.Id)) || graphs.Any(g => g.Result is null);
        var first = graphs.FirstOrDefault(g => g.Result is not null);
        var spec = new NetworkSpec(
            reading.Faults.Any(f => f.Fault.Id is "NNG0002" or "NNG0003") ? Declarations.Of(network) with { Keyword = "" } : Declarations.Of(network),
            first?.Parameters ?? [], first?.Buffers ?? [], first?.Nested ?? [],
            functions.Metrics.Select(metric => metric.Name).ToEquatableArray(), functions.Loss is not null,
            faulty ? [Unread(signature)] : graphs.Select(g => g.Result!).ToEquatableArray(), faulty,
            Options(network, compilation));
        return new(spec, [.. reading.Faults], [.. graphs.Select(g => g.Origins)], [.. reading.Trees]);
    }

    // What is known of a faulty network: enough for members that can be called, so that one fault is not buried under missing members.
    private static Specialisation Unread(Signature signature) => new(
        signature.Inputs.Select(input => input.Spec(0)).ToEquatableArray(), signature.Targets.Select(target => target.Spec(0)).ToEquatableArray(),
        signature.Outputs.Select(name => new DataSpec(name, [], false, 0)).ToEquatableArray(), new TensorGraph([], []));

    private static void CheckAgreement(List<SpecialisationReader> graphs, Reading reading)
    {
        if (graphs.Count == 0 || graphs[0].Result is null)
            return;
        foreach (var other in graphs.Skip(1).Where(g => g.Result is not null))
            if (graphs[0].Parameters.Zip(other.Parameters, (a, b) => (a, b)).FirstOrDefault(pair => pair.a != pair.b) is { a: { } ours, b: { } theirs })
                reading.Report(new Fault("NNG0018", $"{ours.Name} {ours.Shape} for the first [Shape] is {theirs.Name} {theirs.Shape} for another"), other.At);
            else if (graphs[0].Parameters.Count != other.Parameters.Count || graphs[0].Buffers != other.Buffers)
                reading.Report(new Fault("NNG0018", $"{graphs[0].Parameters.Count} for the first [Shape], {other.Parameters.Count} for another"), other.At);
    }

    private static ProgramOptions Options(INamedTypeSymbol network, Compilation compilation)
    {
        int Option(string name) => Structure.Attribute(network, "NetworkAttribute")?.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value is int value ? value : 0;
        var programs = Option("Programs");
        bool References(string assembly) => compilation.ReferencedAssemblyNames.Any(name => name.Name == assembly);
        return new((programs & 1) != 0, (programs & 2) != 0 || References("NNGen.Testing"), References("NNGen.Gpu"), Option("Arithmetic") == 1);
    }
}
