using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>What the printed members share: names of data, checks, and the choice between specialisations.</summary>
internal static class Member
{
    public static string Name(DataSpec data) => Names.Camel(data.Name) is var name && Keywords.All.Contains(name) ? "@" + name : name;

    public static string Property(DataSpec data) => Names.Pascal(data.Name);

    /// <summary>An output's parameter: its name, unless an input has it already.</summary>
    public static string Output(Specialisation s, DataSpec output) => s.Inputs.Any(input => Name(input) == Name(output)) ? Name(output) + "Output" : Name(output);

    public static int Elements(DataSpec data) => data.Sizes.Aggregate(1, (product, size) => product * size);

    /// <summary>How many times an output's elements there are: once for each sample, or once.</summary>
    public static string OutputCount(PrintedProgram program, DataSpec output) =>
        program.Loops.Graph[program.Loops.Graph.OutputNode($"output:{output.Name}")].Type.Batched ? "count" : "1";

    public static string Shapes(NetworkSpec spec, Func<Specialisation, EquatableArray<DataSpec>> of, DataSpec data) =>
        string.Join(" or ", spec.Specialisations.Select(s => of(s).First(d => d.Name == data.Name).Sizes.ToString()).Distinct());

    public static string Throw(NetworkSpec spec) => $"throw new InvalidOperationException(\"{spec.Declaration.Name} does not compile: see the errors at its Forward and Loss\")";

    /// <summary>The program that does few samples of a program's kind, if there is one.</summary>
    public static PrintedProgram? Few(IReadOnlyList<PrintedProgram> programs, PrintedProgram program, ProgramKind kind) =>
        programs.FirstOrDefault(other => other.Kind == kind && other.Specialisation == program.Specialisation);

    public static void Pool(SourceWriter writer, PrintedProgram program) =>
        writer.Line().Line($"private readonly Workspaces<{program.ClassName}> {program.Pool} = new((samples, threads) => new {program.ClassName}(samples, threads));");

    /// <summary>Prints the body once, or once for each specialisation behind a test of the inputs' lengths.</summary>
    public static void Dispatch(SourceWriter writer, NetworkSpec spec, IReadOnlyList<PrintedProgram> programs, ProgramKind kind, Func<DataSpec, string> length, Action<PrintedProgram> body)
    {
        var candidates = programs.Where(program => program.Kind == kind).ToArray();
        Dispatch(writer, spec, [.. candidates.Select(program => program.Specialisation)], length, i => body(candidates[i]));
    }

    /// <summary>The same over specialisations; the body is told which one.</summary>
    public static void Dispatch(SourceWriter writer, NetworkSpec spec, IReadOnlyList<Specialisation> candidates, Func<DataSpec, string> length, Action<int> body)
    {
        if (candidates.Count == 1)
        {
            body(0);
            return;
        }
        var first = candidates[0].Inputs[0];
        for (var i = 0; i < candidates.Count; i++)
        {
            var own = i;
            writer.Block($"{(i == 0 ? "if" : "else if")} ({string.Join(" && ", candidates[i].Inputs.Select(data => $"{length(data)} == (long)count * {Elements(data)}"))})", () => body(own));
        }
        writer.Line("else").Line($"    throw Arguments.NoShape(\"{first.Name}\", {length(first)}, count, \"{Shapes(spec, s => s.Inputs, first)}\");");
    }
}
