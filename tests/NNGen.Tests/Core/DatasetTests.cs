using FsCheck.Xunit;

namespace NNGen.Tests.Core;

public class DatasetTests
{
    private static readonly Dataset ten = Dataset.Of(Enumerable.Range(0, 20).Select(i => (float)i).ToArray(), [2], Enumerable.Range(0, 10).ToArray());

    [Property(MaxTest = 100)]
    public void ForEpoch_AnySize_HoldsEverySampleOnceWithItsLabel(byte size, byte epoch, ulong seed)
    {
        var batches = ten.Shuffled(seed).Batches(1 + (size % 12));
        var rows = batches.ForEpoch(epoch).ToList().SelectMany(Rows).ToList();
        Assert.Equal(batches.Count, batches.ForEpoch(epoch).Count());
        Assert.Equal(Enumerable.Range(0, 10), rows.Select(row => row.Label).Order());
        Assert.All(rows, row => Assert.Equal((2f * row.Label, (2f * row.Label) + 1), (row.First, row.Second)));
        Assert.Equal(rows, batches.Reusing(epoch).SelectMany(Rows));
    }

    [Fact]
    public void Shuffled_EachEpoch_HasAnotherOrderFixedBySeedAndEpoch()
    {
        var batches = ten.Shuffled(7).Batches(3);
        var orders = Enumerable.Range(0, 5).Select(epoch => string.Join(' ', batches.ForEpoch(epoch).SelectMany(Rows).Select(row => row.Label))).ToList();
        Assert.Equal(5, orders.Distinct().Count());
        Assert.Equal(orders[3], string.Join(' ', ten.Shuffled(7).Batches(10).ForEpoch(3).SelectMany(Rows).Select(row => row.Label)));
        Assert.NotEqual(orders[0], string.Join(' ', ten.Shuffled(8).Batches(3).ForEpoch(0).SelectMany(Rows).Select(row => row.Label)));
        Assert.Equal("0 1 2 3 4 5 6 7 8 9", string.Join(' ', ten.Batches(4).ForEpoch(2).SelectMany(Rows).Select(row => row.Label)));
    }

    [Fact]
    public void Order_ManyShuffles_IsEven()
    {
        var counts = new int[4, 4];
        for (var epoch = 0; epoch < 8000; epoch++)
        {
            var order = Shuffle.Order(4, 3, epoch);
            for (var i = 0; i < 4; i++)
                counts[i, order[i]]++;
        }

        Assert.All(counts.Cast<int>(), count => Assert.InRange(count, 1850, 2150));
    }

    [Fact]
    public void Parts_OfADataset_AreTheRightSamples()
    {
        Assert.Equal([0, 1, 2], Labels(ten.Take(3)));
        Assert.Equal([8, 9], Labels(ten.Skip(8)));
        Assert.Equal(0, ten.Skip(11).Count);
        Assert.Equal(10, ten.Take(99).Count);
        var (first, remaining) = ten.Permuted(1).Split(4);
        Assert.Equal((4, 6), (first.Count, remaining.Count));
        Assert.Equal(Enumerable.Range(0, 10), Labels(first).Concat(Labels(remaining)).Order());
        Assert.NotEqual(Enumerable.Range(0, 10), Labels(first).Concat(Labels(remaining)));
        Assert.Equal(["label", "input"], ten.Select("label", "input").Columns.Select(column => column.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => ten.Split(11));
    }

    [Fact]
    public void Dataset_ColumnsThatDoNotFit_SaysWhich()
    {
        Assert.Contains("'input' has 2 samples, but 'label' has 3", Problem(() => Dataset.Of(new float[4], [2], new int[3])));
        Assert.Contains("3 elements are no whole number of samples [2]", Problem(() => Dataset.Of(new float[3], [2])));
        Assert.Contains("every size of [2, 0] must be at least 1", Problem(() => Dataset.Of(new float[3], [2, 0])));
        Assert.Contains("more than 2147483647 elements", Problem(() => Dataset.Of(new float[3], [1 << 16, 1 << 16])));
        Assert.Contains("Two columns are called 'input'", Problem(() => ten.WithReal("input", [1], new float[10])));
        Assert.Contains("at least one column", Problem(() => new Dataset()));
        Assert.Contains("there are input, label", Assert.Throws<KeyNotFoundException>(() => ten["digit"]).Message);

        static string Problem(Func<Dataset> make) => Assert.Throws<ArgumentException>(make).Message;
    }

    [Fact]
    public void Labels_OutOfRange_NamesLabelAndClasses()
    {
        var batch = new ColumnBatch(ten.Columns);
        var digit = new ColumnInfo("digit", [], ColumnKind.Labels, 9);
        Assert.Contains("'label' has the label 9, but 'digit' has 9 classes: 0 to 8", Assert.Throws<ArgumentException>(() => batch.Labels(1, digit)).Message);
        Assert.Equal(10, batch.Labels(1, digit with { Classes = 10 }).Length);
    }

    private static IEnumerable<int> Labels(Dataset data) => ((LabelColumn)data["label"]).Values.ToArray();

    private static IEnumerable<(int Label, float First, float Second)> Rows(ColumnBatch batch)
    {
        var inputs = ((RealColumn)batch.Columns[0]).Values;
        var labels = ((LabelColumn)batch.Columns[1]).Values;
        for (var i = 0; i < batch.Count; i++)
            yield return (labels.Span[i], inputs.Span[2 * i], inputs.Span[(2 * i) + 1]);
    }
}
