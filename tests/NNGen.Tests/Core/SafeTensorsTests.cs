using System.Buffers.Binary;
using System.Text;
using NNGen.Tests.House;

namespace NNGen.Tests.Core;

public class SafeTensorsTests
{
    [Fact]
    public void Write_ThenRead_GivesTheSameTensorsAndMetadata()
    {
        var file = new SafeTensors(
            [SafeTensor.Of("a", [2, 2], [1, 2, 3, float.NaN]), SafeTensor.Of("", [], [4]), SafeTensor.Of("ünï \"x\"", [0, 3], []), new("i", SafeTensorType.I8, [1], new byte[] { 255 })],
            System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("note", "1,5 \u2713"));
        var bytes = Cultures.German(() => Bytes(file));
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
        var read = Cultures.German(() => SafeTensors.Read(new MemoryStream(bytes)));
        Assert.Equal(file.Tensors.Select(t => t.ToString()), read.Tensors.Select(t => t.ToString()));
        Assert.Equal([1, 2, 3, float.NaN], read["a"].ToFloats());
        Assert.Equal([-1L], read["i"].ToIntegers());
        Assert.Equal("1,5 \u2713", read.Metadata["note"]);
        Assert.Equal(bytes, Bytes(read));
    }

    [Theory]
    [InlineData("truncated in the header's length", "")]
    [InlineData("truncated in the header's length: 3 bytes are left, expected 8", "abc")]
    [InlineData("its header would have", "\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f{}")]
    [InlineData("truncated in the header: 2 bytes are left, expected 80", "P\0\0\0\0\0\0\0{}")]
    public void Read_BrokenStart_SaysWhat(string expected, string bytes)
    {
        foreach (var seekable in new[] { true, false })
            Assert.Contains(expected, Problem(Encoding.Latin1.GetBytes(bytes), seekable));
    }

    [Theory]
    [InlineData("does not begin with '{'", "[]")]
    [InlineData("header is not valid", "{\"a\":")]
    [InlineData("header is not valid", "{} x")]
    [InlineData("header is not valid", "{\"a\":{\"dtype\":\"F32\",}}")]
    [InlineData("a appears twice", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}")]
    [InlineData("second or unknown entry 'shape'", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData("a has dtype 'F31', expected one of", "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData("a has dtype '9', expected one of", "{\"a\":{\"dtype\":\"9\",\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData("a.shape has a size -1", "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}")]
    [InlineData("a.shape must be a list of whole numbers", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}")]
    [InlineData("a.shape must be a list of whole numbers", "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}")]
    [InlineData("has more than", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2000000000,2000000000,2000000000,2000000000,2000000000],\"data_offsets\":[0,4]}}")]
    [InlineData("needs 8 bytes", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}")]
    [InlineData("needs 4 bytes", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-9223372036854775808,9223372036854775807]}}")]
    [InlineData("needs 4 bytes", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}")]
    [InlineData("a needs dtype, shape and two data_offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}}")]
    [InlineData("a needs dtype, shape and two data_offsets", "{\"a\":{}}")]
    [InlineData("a starts at byte 4 of the data, expected 0", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}")]
    [InlineData("b starts at byte 2 of the data, expected 4", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}")]
    [InlineData("truncated in a: 8 bytes are left, expected 12", "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}")]
    [InlineData("truncated in a", "{\"a\":{\"dtype\":\"F32\",\"shape\":[500000000],\"data_offsets\":[0,2000000000]}}")]
    [InlineData("bytes after the last tensor's end at 4", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData("__metadata__.k must be of JSON type String", "{\"__metadata__\":{\"k\":1}}")]
    [InlineData("__metadata__ appears twice", "{\"__metadata__\":{},\"__metadata__\":{}}")]
    public void Read_BrokenHeader_SaysWhichTensorAndHow(string expected, string header)
    {
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 1, 2, 3, 4, 5, 6, 7, 8];
        Assert.Contains(expected, Problem(bytes, seekable: true));
        Assert.Contains(expected, Problem(bytes, seekable: false));
    }

    [Fact]
    public void Read_AnyCutOrFlippedByte_ThrowsOrReads()
    {
        var bytes = Bytes(new([SafeTensor.Of("conv1.weight", [2, 3], new float[6]), SafeTensor.Of("conv1.bias", [2], new float[2])]));
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Throws<NetworkFileException>(() => SafeTensors.Read(new MemoryStream(bytes[..i])));
            foreach (var flip in new byte[] { 1, 0x80, 0xFF })
            {
                var broken = bytes.ToArray();
                broken[i] ^= flip;
                try
                {
                    SafeTensors.Read(new MemoryStream(broken));
                }
                catch (NetworkFileException)
                {
                }
            }
        }
    }

    [Fact]
    public void Load_SamplesOfOtherWriters_GivesTheirNumbers()
    {
        var folder = Repository.Shared("conformance/safetensors");
        foreach (var path in Directory.GetFiles(folder, "*.safetensors"))
        {
            var file = SafeTensors.Load(path);
            Assert.NotEmpty(file.Tensors);
            Assert.All(file.Tensors, tensor => Assert.Equal(tensor.Count, tensor.ToDoubles().Length));
        }
    }

    private static string Problem(byte[] bytes, bool seekable)
    {
        using Stream stream = seekable ? new MemoryStream(bytes) : new Trickle(bytes);
        return Assert.Throws<NetworkFileException>(() => SafeTensors.Read(stream, "some.file")).Message;
    }

    private static byte[] Bytes(SafeTensors file)
    {
        var stream = new MemoryStream();
        file.Write(stream);
        return stream.ToArray();
    }

    /// <summary>A stream such as a socket: not seekable, three bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(3, buffer.Length)]);
    }
}
