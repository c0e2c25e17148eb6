namespace NNGen.Gpu.Tests;

public class GpuDeviceTests(OpenCl openCl)
{
    [Fact]
    public void List_WhereADeviceOpens_NamesIt()
    {
        var device = openCl.Device;

        Assert.Contains(GpuDevice.List(), info => info == device.Info);
        Assert.Equal(GpuKind.OpenCl, device.Kind);
        Assert.True(device.Memory > 0);
    }

    [Fact]
    public void Open_OfAKindThatIsNotThere_SaysWhatIsMissing()
    {
        if (GpuDevice.List().Any(info => info.Kind == GpuKind.Cuda))
            Assert.Skip("This machine has a CUDA device.");

        var missing = Assert.Throws<GpuUnavailableException>(() => GpuDevice.Open(GpuKind.Cuda));

        Assert.Contains("CUDA", missing.Message);
    }

    [Fact]
    public void Memory_WhenWritten_ReadsBackTheSame()
    {
        using var memory = new GpuMemory(openCl.Device, new GpuArenaSize(Shared: 5, Batched: 3, SharedIntegers: 0, BatchedIntegers: 2), capacity: 4);

        memory.WriteShared(2, [1f, 2f, 3f]);
        memory.WriteBatched(1, (ReadOnlySpan<float>)[4f, 5f]);
        memory.WriteBatched(1, (ReadOnlySpan<int>)[6, 7, 8]);

        var (shared, batched, integers) = (new float[5], new float[4], new int[4]);
        memory.ReadShared(0, shared);
        memory.ReadBatched(1, batched);
        memory.ReadBatched(1, integers);
        Assert.Equal([0f, 0f, 1f, 2f, 3f], shared);
        Assert.Equal([4f, 5f, 0f, 0f], batched);
        Assert.Equal([6, 7, 8, 0], integers);
    }

    [Fact]
    public void Memory_LargerThanTheDevice_SaysHowMuchItNeeds()
    {
        var device = openCl.Device;

        var thrown = Assert.Throws<InsufficientMemoryException>(() => new GpuMemory(device, new GpuArenaSize(0, device.Memory, 0, 0), capacity: 1000));

        Assert.Contains("smaller batches", thrown.Message);
    }

    [Fact]
    public void Run_OfMoreSamplesThanThereIsRoomFor_IsRefused()
    {
        using var memory = new GpuMemory(openCl.Device, new GpuArenaSize(1, 1, 0, 0), capacity: 4);

        Assert.Throws<ArgumentOutOfRangeException>(() => new GpuProgram(openCl.Device, []).Run(memory, samples: 5));
    }
}
