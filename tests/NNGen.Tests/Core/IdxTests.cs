using System.IO.Compression;
using NNGen.Tests.House;

namespace NNGen.Tests.Core;

public class IdxTests
{
    private static readonly byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6];
    private static readonly byte[] labels = [0, 0, 8, 1, 0, 0, 0, 2, 9, 4];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_PlainOrGzipped_GivesImagesFromZeroToOne(bool gzip)
    {
        using var scratch = new Scratch();
        foreach (var set in new[] { "train", "t10k" })
        {
            Write(scratch[$"{set}-images-idx3-ubyte{(gzip ? ".gz" : "")}"], images, gzip);
            Write(scratch[$"{set}-labels.idx1-ubyte"], labels, gzip);
        }

        var (train, test) = Idx.Load(scratch[""]);
        Assert.Equal((2, 2), (train.Count, test.Count));
        Assert.Equal([1, 2, 3], train["image"].Shape);
        Assert.Equal([0, 0.2f, 0.4f, 0.6f, 0.8f, 1], ((RealColumn)train["image"]).Values[..6].ToArray());
        Assert.Equal([9, 4], ((LabelColumn)train["label"]).Values.ToArray());
    }

    [Fact]
    public void Load_DamagedFile_SaysWhatIsWrong()
    {
        Assert.Contains("truncated in the magic number: 2 bytes are left, expected 4", Problem(images[..2]));
        Assert.Contains("the magic number is 00000D03, expected 00000803", Problem([0, 0, 13, .. images[3..]]));
        Assert.Contains("expected 00000803 (IDX, unsigned bytes, rank 3)", Problem(labels));
        Assert.Contains("truncated in the sizes: 5 bytes are left, expected 12", Problem(images[..9]));
        Assert.Contains("truncated in the data [2, 2, 3]: 11 bytes are left, expected 12", Problem(images[..^1]));
        Assert.Contains("more bytes than [2, 2, 3] says", Problem([.. images, 0]));
        Assert.Contains("the sizes are [2, 0, 3]", Problem([.. images[..11], 0, .. images[12..]]));
        Assert.Contains("the sizes are [-16777214, 2, 3]", Problem([.. images[..4], 255, .. images[5..]]));
        Assert.Contains("truncated in the data [100663298, 2, 3]", Problem([.. images[..4], 6, .. images[5..]]));
        Assert.Contains("would be", Problem([0, 0, 8, 3, .. Enumerable.Repeat((byte)127, 12)]));
        Assert.Contains("there are 2 labels, expected 1", Problem([.. images[..7], 1, .. images[8..^6]]));

        static string Problem(byte[] bytes)
        {
            var messages = new[] { false, true }.Select(gzip =>
            {
                using var scratch = new Scratch();
                Write(scratch["images"], bytes, gzip);
                Write(scratch["labels"], labels, gzip);
                return Assert.Throws<NetworkFileException>(() => Idx.Load(scratch["images"], scratch["labels"])).Message.Replace(scratch[""], "");
            }).ToArray();
            Assert.Equal(messages[0], messages[1]);
            return messages[0];
        }
    }

    [Fact]
    public void Load_DamagedGzip_Throws()
    {
        using var scratch = new Scratch();
        Write(scratch["images"], images, gzip: true);
        Write(scratch["labels"], labels, gzip: false);
        var whole = File.ReadAllBytes(scratch["images"]);
        for (var i = 10; i < whole.Length; i++)
        {
            File.WriteAllBytes(scratch["images"], [.. whole[..i], (byte)(whole[i] ^ 0x10), .. whole[(i + 1)..]]);
            if (i != whole.Length - 9) // that byte ends with bits that say nothing
                Assert.Throws<NetworkFileException>(() => Idx.Load(scratch["images"], scratch["labels"]));
            File.WriteAllBytes(scratch["images"], whole[..i]);
            if (i < whole.Length - 10) // all data are there in a file that lacks no more than the end of the checksum
                Assert.Throws<NetworkFileException>(() => Idx.Load(scratch["images"], scratch["labels"]));
        }
    }

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        using var scratch = new Scratch();
        Assert.Contains("There is no train-images-idx3-ubyte or train-images-idx3-ubyte.gz in", Assert.Throws<FileNotFoundException>(() => Idx.Load(scratch[""])).Message);
    }

    [Fact]
    public void Load_FashionMnist_HasItsImages()
    {
        var (train, test) = Idx.Load(Repository.Shared("data/fashion-mnist"));
        Assert.Equal((60_000, 10_000), (train.Count, test.Count));
        Assert.Equal([1, 28, 28], train["image"].Shape);
        Assert.All(((LabelColumn)test["label"]).Values.ToArray().CountBy(label => label), pair => Assert.Equal(1000, pair.Value));
    }

    private static void Write(string path, byte[] bytes, bool gzip)
    {
        using var file = File.Create(path);
        using Stream stream = gzip ? new GZipStream(file, CompressionLevel.Optimal) : file;
        stream.Write(bytes);
    }
}
