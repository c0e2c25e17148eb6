using ILGPU;
using ILGPU.Runtime;

namespace NNGen.Gpu;

/// <summary>The device memory behind an <see cref="GpuArena"/>, taken once and given back by <see cref="Dispose"/>. Offsets count elements; copies return when they are done.</summary>
public sealed class GpuMemory : IDisposable
{
    private readonly AcceleratorStream stream;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> shared;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> batched;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> sharedIntegers;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> batchedIntegers;

    /// <summary>Takes the memory, all zero.</summary>
    /// <param name="device">Where.</param>
    /// <param name="size">The regions' elements.</param>
    /// <param name="capacity">The largest batch that there is to be room for, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is less than 1.</exception>
    /// <exception cref="InsufficientMemoryException">The device has less memory than that.</exception>
    public GpuMemory(GpuDevice device, GpuArenaSize size, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var bytes = sizeof(float) * (size.Shared + size.SharedIntegers + capacity * (size.Batched + size.BatchedIntegers));
        if (bytes > device.Memory)
            throw new InsufficientMemoryException($"a batch of {capacity} samples needs {bytes} bytes, and {device.Name} has {device.Memory}; use smaller batches");
        Capacity = capacity;
        stream = device.Accelerator.DefaultStream;
        shared = Allocate<float>(device, size.Shared);
        batched = Allocate<float>(device, size.Batched * capacity);
        sharedIntegers = Allocate<int>(device, size.SharedIntegers);
        batchedIntegers = Allocate<int>(device, size.BatchedIntegers * capacity);
    }

    /// <summary>The number of samples that there is room for.</summary>
    public int Capacity { get; }

    /// <summary>What kernels are handed to compute a batch.</summary>
    public GpuArena Of(int samples) => new()
    {
        Shared = shared.View.BaseView,
        Batched = batched.View.BaseView,
        SharedIntegers = sharedIntegers.View.BaseView,
        BatchedIntegers = batchedIntegers.View.BaseView,
        Samples = samples,
        Capacity = Capacity,
    };

    /// <summary>Copies values that the batch shares to the device, from the offset on.</summary>
    public void WriteShared(long offset, ReadOnlySpan<float> values) => Write(shared, offset, values);

    /// <summary>Copies integers that the batch shares to the device, from the offset on.</summary>
    public void WriteShared(long offset, ReadOnlySpan<int> values) => Write(sharedIntegers, offset, values);

    /// <summary>Copies values of samples to the device: <paramref name="offset"/> is that of the value, in elements per sample.</summary>
    public void WriteBatched(long offset, ReadOnlySpan<float> values) => Write(batched, offset * Capacity, values);

    /// <summary>Copies integers of samples to the device: <paramref name="offset"/> is that of the value, in elements per sample.</summary>
    public void WriteBatched(long offset, ReadOnlySpan<int> values) => Write(batchedIntegers, offset * Capacity, values);

    /// <summary>Copies values that the batch shares from the device.</summary>
    public void ReadShared(long offset, Span<float> values) => Read(shared, offset, values);

    /// <summary>Copies integers that the batch shares from the device.</summary>
    public void ReadShared(long offset, Span<int> values) => Read(sharedIntegers, offset, values);

    /// <summary>Copies values of samples from the device: <paramref name="offset"/> is that of the value, in elements per sample.</summary>
    public void ReadBatched(long offset, Span<float> values) => Read(batched, offset * Capacity, values);

    /// <summary>Copies integers of samples from the device: <paramref name="offset"/> is that of the value, in elements per sample.</summary>
    public void ReadBatched(long offset, Span<int> values) => Read(batchedIntegers, offset * Capacity, values);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        shared.Dispose();
        batched.Dispose();
        sharedIntegers.Dispose();
        batchedIntegers.Dispose();
    }

    private static MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(GpuDevice device, long count) where T : unmanaged
    {
        // An empty region still needs an address.
        var buffer = device.Accelerator.Allocate1D<T>(Math.Max(count, 1));
        buffer.MemSetToZero();
        device.Accelerator.DefaultStream.Synchronize();
        return buffer;
    }

    private void Write<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer, long offset, ReadOnlySpan<T> values) where T : unmanaged
    {
        if (!values.IsEmpty)
            buffer.View.SubView(offset, values.Length).CopyFromCPU(stream, values);
    }

    private void Read<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer, long offset, Span<T> values) where T : unmanaged
    {
        if (!values.IsEmpty)
            buffer.View.SubView(offset, values.Length).CopyToCPU(stream, values);
    }
}
