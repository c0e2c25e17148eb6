using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Spectre.Console;

namespace NNGen.Benchmarks.Generator;

/// <summary>`generator`: what Read and the whole generator take on three networks, cold and after edits.</summary>
internal static class GeneratorCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // Where the output goes into a file, tables need not fold.
    private static IAnsiConsole Terminal
    {
        get
        {
            var console = AnsiConsole.Console;
            if (Console.IsOutputRedirected)
                console.Profile.Width = 120;
            return console;
        }
    }

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
        var command = new Command("generator", "Measures the compiler: Read and the whole generator, cold and warm, on LeNet-5, ResNet-20 and DenseNet-121.") { json, rounds, phases, model, text, cold };
        command.SetAction(parsed =>
        {
            var models = Model.All.Where(m => parsed.GetValue(model) is not { } name || m.Name == name).ToArray();
            if (parsed.GetValue(cold) is { } what)
                Console.WriteLine(Cold.Here(what, models[0]).ToString("R", CultureInfo.InvariantCulture));
            else if (parsed.GetValue(text) is { } folder)
                foreach (var one in models)
                    File.WriteAllText(Path.Combine(folder.CreateSubdirectory(".").FullName, one.Name + ".g.cs"), NNGen.Generators.Compiler.Compile(Project.Checked(one)));
            else if (parsed.GetValue(phases))
                foreach (var one in models)
                    Tables.Print(Terminal, one, Phases.Of(one, parsed.GetValue(rounds)));
            else
                Run(parsed.GetValue(rounds), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static void Run(int rounds, FileInfo? json)
    {
        if (json is { Directory: { Exists: false } folder })
            throw new DirectoryNotFoundException($"no folder {folder.FullName} to write {json.Name} into");
        var machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}";
        var report = Report.Measure(machine, rounds, what => Console.Error.WriteLine($"measuring {what} ..."));
        Tables.Print(Terminal, report);
        if (json is null)
            return;
        // First beside it: a file of that name is whole or not there.
        var beside = json.FullName + ".part";
        File.WriteAllText(beside, JsonSerializer.Serialize(report, Indented));
        File.Move(beside, json.FullName, overwrite: true);
    }
}
