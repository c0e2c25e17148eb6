using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using NNGen.Generators;

namespace NNGen.Benchmarks.Generator;

/// <summary>What the generator takes after an edit, and what ran again.</summary>
/// <param name="Edit">The edit.</param>
/// <param name="Time">Of one run of the driver.</param>
/// <param name="Steps">Each tracked step with the reason of its result: `Candidate: Cached` and so on.</param>
public sealed record EditReport(string Edit, Measurement Time, ImmutableArray<string> Steps);

/// <summary>One model's figures; times in milliseconds.</summary>
public sealed record ModelReport(
    string Model, long Parameters, int Nodes, double ColdRead, Measurement Read, double ColdGenerator, int TextBytes, int TextLines, ImmutableArray<EditReport> Edits);

/// <summary>All figures.</summary>
/// <param name="Machine">Where they were measured.</param>
/// <param name="Rounds">How many rounds the medians are of.</param>
/// <param name="Models">By model.</param>
/// <param name="ReadTogether">Read of all models in one project, one after the other.</param>
/// <param name="Bar">What that may take, in milliseconds.</param>
/// <param name="FirstSteps">Milliseconds from a process's start to the end of its first train step, by case.</param>
public sealed record Report(string Machine, int Rounds, ImmutableArray<ModelReport> Models, Measurement ReadTogether, double Bar, ImmutableSortedDictionary<string, double> FirstSteps)
{
    private const double ReadBar = 20;

    public bool IsUnderBar => ReadTogether.Median < Bar;

    public static Report Measure(string machine, int rounds, Action<string> progress)
    {
        var models = ImmutableArray.CreateBuilder<ModelReport>();
        foreach (var model in Model.All)
        {
            progress(model.Title);
            models.Add(Of(model, rounds));
        }
        progress("the three together");
        var all = new Project(Model.All);
        var together = Measurement.Of(rounds, _ => all.Afresh(), compilation =>
        {
            foreach (var model in Model.All)
                Project.Read(compilation, model);
        });
        progress("first steps");
        return new(machine, rounds, models.DrainToImmutable(), together, ReadBar, FirstStep.Names.ToImmutableSortedDictionary(name => name, name => FirstStep.InChildren(name, 5)));
    }

    private static ModelReport Of(Model model, int rounds)
    {
        var spec = Project.Checked(model);
        var project = new Project(model);
        var text = Compiler.Compile(spec);
        return new(model.Title, model.Parameters, spec.Specialisations[0].Graph.Nodes.Count,
            Cold.InChildren(Cold.Read, model, 3), Measurement.Of(rounds, _ => project.Afresh(), compilation => Project.Read(compilation, model)),
            Cold.InChildren(Cold.Generator, model, 3), System.Text.Encoding.UTF8.GetByteCount(text), text.AsSpan().Count('\n'),
            [.. model.Edits.Select(edit => After(edit, project, rounds))]);
    }

    // To the edited text and back by turns: each run finds the other text of the run before. What a round needs is parsed outside its time, as in an editor.
    private static EditReport After(Edit edit, Project project, int rounds)
    {
        var driver = Project.Driver().RunGenerators(project.Compilation);
        var turn = 0;
        var time = Measurement.Of(rounds, _ => ++turn % 2 == 1 ? project.After(edit) : project.After(edit with { To = edit.From }), compilation => driver = driver.RunGenerators(compilation));
        var run = Project.Driver(tracked: true).RunGenerators(project.Compilation).RunGenerators(project.After(edit)).GetRunResult().Results.Single();
        string[] steps =
        [
            .. new[] { NetworkGenerator.CandidateStep, NetworkGenerator.SpecStep }.Select(step => $"{step}: {Reasons(run.TrackedSteps.TryGetValue(step, out var found) ? found : [])}"),
            $"Output: {Reasons(run.TrackedOutputSteps.SelectMany(step => step.Value))}",
        ];
        return new(edit.Name, time, [.. steps]);
    }

    private static string Reasons(IEnumerable<IncrementalGeneratorRunStep> steps) =>
        string.Join("/", steps.SelectMany(step => step.Outputs).Select(output => output.Reason).Distinct().Order()) is { Length: > 0 } reasons ? reasons : "not run";
}
