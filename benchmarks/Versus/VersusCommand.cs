using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NNGen.Benchmarks.Versus.Torch;

namespace NNGen.Benchmarks.Versus;

/// <summary>`versus torch`: our train steps and predictions against TorchSharp's, in one process.</summary>
internal static class VersusCommand
{
    public const string Ours = "ours", Peer = "peer";

    public static Command Create() => new("versus", "Measures our networks against another library's.") { CreateTorch() };

    private static Command CreateTorch()
    {
        var cases = new Option<string[]>("--case") { Description = "Only this case; may be given several times." }.AcceptOnlyFromAmong([.. Cases.All.Select(one => one.Name)]);
        var threads = new Option<int>("--threads") { Description = "Threads of both sides.", DefaultValueFactory = _ => 1 };
        threads.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1))
                result.AddError($"--threads must be a whole number of at least 1, not '{token.Value}'");
        });
        var batch = new Option<int?>("--batch") { Description = "Samples of a batch, instead of each case's own." };
        batch.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1))
                result.AddError($"--batch must be a whole number of at least 1, not '{token.Value}'");
        });
        var seconds = new Option<double>("--seconds") { Description = "How long each figure is measured, besides warming up.", DefaultValueFactory = _ => 3 };
        seconds.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 3600))
                result.AddError($"--seconds must be a number above 0 and below 3600, not '{token.Value}'");
        });
        var json = new Option<FileInfo?>("--json") { Description = "Where a report with all figures goes." };
        var memory = new Option<bool>("--memory") { Description = "Measures the peak memory of some train steps as well, each side in a process of its own." };
        var side = new Option<string?>("--memory-of") { Description = "Runs this side alone and prints its peak memory in MiB.", Hidden = true }.AcceptOnlyFromAmong(Ours, Peer);
        var command = new Command("torch", "Train steps (gradient and Adam) and predictions against TorchSharp's, alternating in one process; first the losses must agree.")
        {
            cases, threads, batch, seconds, json, memory, side,
        };
        command.SetAction(parsed =>
        {
            var names = parsed.GetValue(cases) ?? [];
            var chosen = Cases.All.Where(one => names.Length == 0 || names.Contains(one.Name)).Select(one => one with { Batch = parsed.GetValue(batch) ?? one.Batch }).ToImmutableArray();
            return parsed.GetValue(side) is { } alone
                ? PrintMemory(chosen[0], alone, parsed.GetValue(threads))
                : Run(new(chosen, parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(memory), parsed.GetValue(json)));
        });
        return command;
    }

    private sealed record Settings(ImmutableArray<Case> Cases, int Threads, double Seconds, bool Memory, FileInfo? Json);

    private static int PrintMemory(Case one, string side, int threads)
    {
        if (side == Peer)
            TorchLibrary.Load(threads);
        Console.WriteLine(Memory.Here(side == Peer ? one.Peer : () => one.Ours(threads)).ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    private static int Run(Settings settings)
    {
        Output.RequireFolder(settings.Json);
        TorchLibrary.Load(settings.Threads);
        var (losses, failures, rows, measured) = (new List<Agreement>(), new List<string>(), new List<Row>(), 0);
        foreach (var one in settings.Cases)
        {
            Console.Error.WriteLine($"measuring {one} ...");
            using var ours = one.Ours(settings.Threads);
            using var peer = one.Peer();
            // A peer that agrees in one layout and not in the other contradicts itself: it is timed where it is right.
            if (!peer.Keep(layout => Agrees(Agreeing.Of(one.Name, layout, ours, peer))))
                continue;
            measured++;
            rows.AddRange(Times(one, ours, peer, settings));
            if (settings.Memory)
                rows.Add(Memory.InChildren(one.Name, side => ["versus", "torch", "--case", one.Name, "--batch", $"{one.Batch}", "--threads", $"{settings.Threads}", "--memory-of", side]));
        }

        var report = new VersusReport(Output.Machine, TorchLibrary.Name, settings.Threads, [.. losses], [.. failures], [.. rows]);
        Tables.Print(Output.Terminal, report);
        if (settings.Json is { } file)
            Output.Write(file, report, JsonNamingPolicy.SnakeCaseLower);
        foreach (var failure in failures)
            Console.Error.WriteLine(failure);
        return measured == settings.Cases.Length ? 0 : 1;

        bool Agrees(Agreement found)
        {
            losses.Add(found);
            if (Agreeing.Fault(found) is not { } fault)
                return true;
            failures.Add(fault);
            return false;
        }
    }

    private static IEnumerable<Row> Times(Case one, ISide ours, TorchSide peer, Settings settings)
    {
        var arithmetic = peer.Arithmetic;
        yield return Row("train", arithmetic.Train, () => { ours.BeginTraining(); peer.BeginTraining(); }, () => ours.Step(), () => peer.Step());
        yield return Row("predict", arithmetic.Predict, () => { ours.BeginPrediction(); peer.BeginPrediction(); }, ours.Predict, peer.Predict);

        TimeRow Row(string what, double flops, Action begin, Action our, Action their)
        {
            var layout = peer.ChooseLayout(begin, their);
            var found = Comparison.Measure(begin, our, their, settings.Seconds);
            return new(
                one.Name, what, settings.Threads, found.FirstMs, found.SecondMs, flops / (found.FirstMs * 1e6 * found.PeakGflops * settings.Threads), found.PeakGflops, layout);
        }
    }
}
