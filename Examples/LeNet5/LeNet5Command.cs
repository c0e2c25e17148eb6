using System.CommandLine;
using NNGen.Examples.Terminal;
using LeNet5Epoch = NNGen.Epoch<NNGen.Examples.LeNet5, NNGen.Examples.LeNet5.Batch, NNGen.Examples.LeNet5.Metrics>;

namespace NNGen.Examples;

/// <summary>`lenet5`: trains LeNet-5 on drawn digits, or on a folder of IDX files such as MNIST or Fashion-MNIST.</summary>
internal static class LeNet5Command
{
    private const int DrawnForTraining = 8000, DrawnHeldOut = 2000;

    public static Command Create()
    {
        var data = new Option<DirectoryInfo?>("--data") { Description = "Folder with the four IDX files of MNIST or a set like it (.gz or not); without it, digits are drawn." };
        var epochs = Whole("--epochs", "Passes over the training data.", 5, least: 0);
        var batch = Whole("--batch", "Samples per step.", 32, least: 1);
        var threads = Whole("--threads", "Threads that share the work; the weights do not depend on it.", Environment.ProcessorCount, least: 1);
        var seed = new Option<ulong>("--seed") { Description = "Decides the first weights and every shuffle.", DefaultValueFactory = _ => 7 };
        var rate = new Option<float>("--rate") { Description = "Adam's learning rate.", DefaultValueFactory = _ => 1e-3f };
        var weights = new Option<FileInfo>("--weights") { Description = "Where the weights go (safetensors).", DefaultValueFactory = _ => new("lenet5.safetensors") };
        var state = new Option<FileInfo?>("--state") { Description = "Where the whole state of the training goes after each epoch, to resume from." };
        var resume = new Option<FileInfo?>("--resume") { Description = "Continues from a state; --epochs more." };
        var json = new Option<FileInfo?>("--json") { Description = "Where a report goes: loss, accuracy and seconds of each epoch, and a hash of the weights." };
        var command = new Command("lenet5", "Trains LeNet-5 and writes its weights.") { data, epochs, batch, threads, seed, rate, weights, state, resume, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            new(parsed.GetValue(data), parsed.GetValue(epochs), parsed.GetValue(batch), parsed.GetValue(threads), parsed.GetValue(seed), parsed.GetValue(rate), parsed.GetValue(weights)!,
                parsed.GetValue(state), parsed.GetValue(resume), parsed.GetValue(json)),
            cancellation)));
        return command;

        static Option<int> Whole(string name, string description, int value, int least)
        {
            var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < least)
                    result.AddError($"{name} must be at least {least}");
            });
            return option;
        }
    }

    private sealed record Settings(
        DirectoryInfo? Data, int Epochs, int Batch, int Threads, ulong Seed, float Rate, FileInfo Weights, FileInfo? State, FileInfo? Resume, FileInfo? Json);

    private static TrainTest Drawn(ulong seed)
    {
        var digits = DrawnDigits.Generate(DrawnForTraining + DrawnHeldOut, seed);
        return new(digits.Take(DrawnForTraining), digits.Skip(DrawnForTraining));
    }

    private static int Run(Settings settings, CancellationToken cancellation)
    {
        var (train, heldOut) = settings.Data is { } folder ? Idx.Load(folder.FullName) : Drawn(settings.Seed);
        var optimizer = Adam.Default with { LearningRate = settings.Rate };
        var start = Training.Of(LeNet5.Initialize(settings.Seed), optimizer);
        if (settings.Resume is { } saved)
            start = start.Resume(saved.FullName);

        var batches = train.Shuffled(settings.Seed).Batches(settings.Batch);
        var done = new List<LeNet5Epoch>();
        TrainingDisplay.Show(settings.Epochs, display =>
        {
            foreach (var epoch in start.Epochs(batches, display, settings.Threads, cancellation).Watch(heldOut, display, settings.Threads).Take(settings.Epochs))
            {
                done.Add(epoch);
                if (settings.State is { } file)
                    epoch.State.Save(file.FullName);
            }
        });

        var network = done.Count > 0 ? done[^1].Network : start.Network;
        network.Save(settings.Weights.FullName);
        if (settings.Json is { } report)
            TrainingReport.Save(report.FullName, done.Select(epoch => new TrainingReport.Line(epoch.Number, epoch.Train.Loss, epoch.Train.Accuracy, epoch.Test.Loss, epoch.Test.Accuracy, epoch.Seconds)), network.Values.Hash());
        TrainingDisplay.Note($"weights: {settings.Weights.FullName}   hash: {network.Values.Hash()}");
        return 0;
    }
}
