using System.CommandLine;
using System.Globalization;

namespace NNGen.Benchmarks.Generator;

/// <summary>`generator`: what Read and the whole generator take on three networks, cold and after edits.</summary>
internal static class GeneratorCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Where a report with all figures goes." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds that the medians are of.", DefaultValueFactory = _ => 21 };
        rounds.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1))
                result.AddError($"--rounds must be a whole number of at least 1, not '{token.Value}'");
        });
        var phases = new Option<bool>("--phases") { Description = "Measures each phase of the compiler by itself instead." };
        var model = new Option<string?>("--model") { Description = "Only this model, with --phases or --text." }.AcceptOnlyFromAmong([.. Model.All.Select(m => m.Name)]);
        var text = new Option<DirectoryInfo?>("--text") { Description = "Writes what is generated for each model into this folder instead, to read or to compare." };
        var cold = new Option<string?>("--cold") { Description = "Does it once and prints its milliseconds.", Hidden = true };
        var first = new Option<string?>("--first-step") { Description = "Does one train step of a case and prints the milliseconds since the process began.", Hidden = true }.AcceptOnlyFromAmong(FirstStep.Names);
        var command = new Command("generator", "Measures the compiler: Read and the whole generator, cold and warm, on LeNet-5, ResNet-20 and DenseNet-121.") { json, rounds, phases, model, text, cold, first };
        command.SetAction(parsed =>
        {
            var models = Model.All.Where(m => parsed.GetValue(model) is not { } name || m.Name == name).ToArray();
            if (parsed.GetValue(first) is { } step)
                Console.WriteLine(FirstStep.Here(step).ToString("R", CultureInfo.InvariantCulture));
            else if (parsed.GetValue(cold) is { } what)
                Console.WriteLine(Cold.Here(what, models[0]).ToString("R", CultureInfo.InvariantCulture));
            else if (parsed.GetValue(text) is { } folder)
                foreach (var one in models)
                    File.WriteAllText(Path.Combine(folder.CreateSubdirectory(".").FullName, one.Name + ".g.cs"), NNGen.Generators.Compiler.Compile(Project.Checked(one)));
            else if (parsed.GetValue(phases))
                foreach (var one in models)
                    Tables.Print(Output.Terminal, one, Phases.Of(one, parsed.GetValue(rounds)));
            else
                Run(parsed.GetValue(rounds), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static void Run(int rounds, FileInfo? json)
    {
        Output.RequireFolder(json);
        var report = Report.Measure(Output.Machine, rounds, what => Console.Error.WriteLine($"measuring {what} ..."));
        Tables.Print(Output.Terminal, report);
        if (json is not null)
            Output.Write(json, report);
    }
}
