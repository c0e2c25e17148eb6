namespace NNGen.Tests.Core;

public class TrainingTests
{
    private static readonly Dataset data = Line(103, 1);

    [Fact]
    public void Epochs_OfALine_FindIt()
    {
        var last = Training.Of(LinearModel.Initialize(1), new Sgd(0.1, 0.9)).Epochs(data.Shuffled(7).Batches(16)).Take(40).Watch(Line(50, 2)).Last();
        Assert.InRange(last.Test.Loss, 0, 1e-6f);
        Assert.InRange(last.Train.Error, 0, 1e-3f);
        Assert.InRange(last.Network.Values["dense1.weight"].Span[1], 1.999f, 2.001f);
        Assert.Equal((40, 280L, 4120f), (last.Number, last.State.Steps, last.Network.Values["seen"].Span[0]));
    }

    [Fact]
    public void Epochs_KeptAndEnumeratedAgain_StayWhatTheyWere()
    {
        var epochs = Training.Of(LinearModel.Initialize(1), Adam.Default).Epochs(data.Shuffled(7).Batches(16));
        var kept = epochs.Take(5).ToList();
        var hashes = epochs.Take(5).Select(epoch => epoch.Network.Values.Hash()).ToList();
        Assert.Equal(hashes, kept.Select(epoch => epoch.Network.Values.Hash()));
        Assert.Equal(5, hashes.Distinct().Count());
        Assert.Equal(hashes[^1], kept[2].State.Epochs(data.Shuffled(7).Batches(16)).ElementAt(1).Network.Values.Hash());
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Resume_AfterOneOfThree_GivesTheBitsOfThree(Optimizer optimizer)
    {
        using var scratch = new Scratch();
        var batches = data.Shuffled(7).Batches(16);
        var three = Training.Of(LinearModel.Initialize(1), optimizer).Epochs(batches).ElementAt(2).State;
        Cultures.German(() =>
        {
            Training.Of(LinearModel.Initialize(1), optimizer).Epochs(batches).First().State.Save(scratch["state"]);
            return 0;
        });
        var resumed = Training.Of(LinearModel.Initialize(2), optimizer).Resume(scratch["state"]).Epochs(batches).ElementAt(1).State;
        Assert.Equal(three.Network.Values, resumed.Network.Values);
        Assert.Equal(three.Moments.ToArray(), resumed.Moments.ToArray());
        Assert.Equal((three.Steps, three.Epoch), (resumed.Steps, resumed.Epoch));
        Assert.Equal(optimizer, Training.Resume<LinearModel, LinearModel.Batch, LinearModel.Metrics>(scratch["state"]).Optimizer);
    }

    public static TheoryData<Optimizer> Optimizers => [new Sgd(0.1), new Sgd(0.1, 0.9, true, 1e-4), Adam.Default, AdamW.Default with { LearningRate = 1e-3f }];

    [Fact]
    public void Step_OnABatch_IsPureAndTheSameAsAnEpochOfIt()
    {
        var start = Training.Of(LinearModel.Initialize(1), Adam.Default);
        var before = start.Network.Values.Hash();
        var batch = LinearModel.Bind(new ColumnBatch(data.Columns));
        var next = start.Step(batch, out var metrics).Step(batch);
        Assert.Equal(before, start.Network.Values.Hash());
        Assert.Equal((0L, 2L), (start.Steps, next.Steps));
        Assert.Equal(start.Network.Evaluate(batch), metrics);
        Assert.Equal(start.Epochs(data.Batches(1000)).ElementAt(1).Network.Values, next.Network.Values);
    }

    [Fact]
    public void Resume_AnotherStateOrFile_SaysWhatDiffers()
    {
        using var scratch = new Scratch();
        var state = Training.Of(LinearModel.Initialize(1), Adam.Default);
        state.Save(scratch["state"]);
        Assert.Contains("was saved with Adam(LearningRate 0.001", Problem(Sgd.Default));
        Assert.Contains("expected Adam(LearningRate 0.01,", Problem(Adam.Default with { LearningRate = 0.01 }));
        Weights.Save(state.Network.Values, scratch["state"]);
        Assert.Contains("not a training state", Problem(Adam.Default));

        state.Save(scratch["state"]);
        var file = SafeTensors.Load(scratch["state"]);
        Rewrite("network", "LeNet5", "belongs to the network LeNet5, expected LinearModel");
        Rewrite("steps", "-1", "'steps' is '-1'");
        Rewrite("steps", "99999999999999999999", "'steps' is '99999999999999999999'");
        Rewrite("epoch", "3000000000", "'epoch' is '3000000000'");
        Rewrite("optimizer", "Lion", "there is no optimiser 'Lion'");
        Rewrite("optimizer.Beta1", "2", "Beta1");
        Rewrite("optimizer.Beta1", "0,9", "'optimizer.Beta1' is '0,9'");
        new SafeTensors([.. file.Tensors.Take(3)], file.Metadata).Save(scratch["state"]);
        Assert.Contains("optimizer/moments is missing: Adam needs F32 [16]", Problem(null));
        new SafeTensors([.. file.Tensors.Skip(1)], file.Metadata).Save(scratch["state"]);
        Assert.Contains("not in the file but wanted by LinearModel: dense1.weight [2, 3]", Problem(null));

        string Problem(Optimizer? optimizer) => Assert.Throws<NetworkFileException>(
            () => Training.Resume<LinearModel, LinearModel.Batch, LinearModel.Metrics>(scratch["state"], optimizer)).Message;

        void Rewrite(string key, string text, string expected)
        {
            new SafeTensors(file.Tensors, file.Metadata.SetItem(key, text)).Save(scratch["state"]);
            Assert.Contains(expected, Problem(null));
            new SafeTensors(file.Tensors, file.Metadata.Remove(key)).Save(scratch["state"]);
            Assert.Contains($"lacks '{key}'", Problem(null));
        }
    }

    [Fact]
    public void With_AnotherOptimizer_KeepsTheStateOnlyWhereItFits()
    {
        var state = Training.Of(LinearModel.Initialize(1), Adam.Default).Epochs(data.Batches(16)).First().State;
        Assert.Equal(state.Moments.ToArray(), state.With(Adam.Default with { LearningRate = 1e-4 }).Moments.ToArray());
        Assert.All(state.With(AdamW.Default).Moments.ToArray(), moment => Assert.Equal(0, moment));
        Assert.Equal(0, state.With(Sgd.Default).Moments.Length);
    }

    [Fact]
    public void Epochs_DataThatDoNotFit_FailAtOnce()
    {
        var state = Training.Of(LinearModel.Initialize(1), Adam.Default);
        Assert.Contains("Column 0 of the data must be x: reals [3], but it is input: reals [4]", Problem(Dataset.Of(new float[8], [4], new float[4], [2])));
        Assert.Contains("Column 1 of the data must be target: reals [2], but it is label: labels []", Problem(Dataset.Of(new float[6], [3], new int[2])));
        Assert.Contains("there are only 1 columns", Problem(Dataset.Of(new float[6], [3])));
        Assert.Contains("no samples", Problem(data.Take(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Batches(0));
        Assert.Throws<ArgumentException>(() => state.Epochs(data.Batches(8)).Watch(data.Take(0)));

        string Problem(Dataset wrong) => Assert.Throws<ArgumentException>(() => state.Epochs(wrong.Batches(8))).Message;
    }

    [Fact]
    public void Epochs_Cancelled_StopBetweenBatches()
    {
        using var source = new CancellationTokenSource();
        var reports = new List<TrainingProgress>();
        var state = Training.Of(LinearModel.Initialize(1), Adam.Default);
        using var epochs = state.Epochs(data.Batches(16), new Listener(Report), cancellation: source.Token).GetEnumerator();
        Assert.True(epochs.MoveNext());
        var kept = epochs.Current;
        Assert.Throws<OperationCanceledException>(() => epochs.MoveNext());
        Assert.Equal(1, kept.Number);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 1, 2], reports.Select(report => report.Batch));
        Assert.Equal(kept.Train.Loss, reports[6].Loss);

        void Report(TrainingProgress report)
        {
            reports.Add(report);
            if (report is { Epoch: 2, Batch: 2 })
                source.Cancel();
        }
    }

    [Fact]
    public void Epochs_Diverging_SaySo()
    {
        var lines = new List<string>();
        var last = Training.Of(LinearModel.Initialize(1), new Sgd(1e6)).Epochs(data.Batches(4)).Take(3).Watch(data, Progress.To(lines.Add)).Last();
        Assert.True(last.Diverged);
        Assert.False(float.IsFinite(last.Train.Loss));
        Assert.Contains("diverged", lines[^1]);
    }

    [Fact]
    public void Line_InAnyCulture_IsTheSame()
    {
        var progress = new TrainingProgress(3, 7, 7, [new("Loss", 0.25f), new("Accuracy", 0.9f)], [new("Loss", 0.5f), new("Accuracy", 0.8f)], 2.06);
        Assert.Equal("epoch 3   loss 0.2500 accuracy 0.9000   test loss 0.5000 accuracy 0.8000   2.1 s", Cultures.German(() => Progress.Line(progress)));
    }

    [Fact]
    public void Test_WithoutWatch_SaysWhatToDo()
    {
        var epoch = Training.Of(LinearModel.Initialize(1), Adam.Default).Epochs(data.Batches(16)).First();
        Assert.False(epoch.IsWatched);
        Assert.Contains(".Watch(heldOut)", Assert.Throws<InvalidOperationException>(() => epoch.Test).Message);
    }

    [Fact]
    public void Evaluation_AnyBatchSize_GivesTheMeanOverSamples()
    {
        var network = LinearModel.Initialize(1);
        var whole = Evaluation.Of(network, data, 1000);
        Assert.Equal(whole.Loss, Evaluation.Of(network, data, 10).Loss, 1e-5f);
        Assert.Equal(whole.Loss, Evaluation.Of(network, data, 1).Loss, 1e-5f);
    }

    /// <summary>Samples of y = [x0 + 2 x1 + 3, -x2].</summary>
    private static Dataset Line(int count, ulong seed)
    {
        var random = CounterRandom.Of(seed, "line");
        var x = Enumerable.Range(0, count * 3).Select(i => random.Symmetric((ulong)i)).ToArray();
        var y = x.Chunk(3).SelectMany(row => new[] { row[0] + (2 * row[1]) + 3, -row[2] }).ToArray();
        return Dataset.Of(x, [3], y, [2]);
    }

    private sealed class Listener(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
