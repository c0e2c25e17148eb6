using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;

namespace NNGen.Gpu;

/// <summary>One loop nest on the device: a thread for each element of the value that it computes.</summary>
/// <param name="Kernel">A static method without captured variables; the index is the element's, row by row, sample after sample.</param>
/// <param name="Elements">The number of elements, per sample where there is one value per sample.</param>
/// <param name="Batched">Whether there is one value per sample.</param>
public readonly record struct GpuNest(Action<Index1D, GpuArena> Kernel, int Elements, bool Batched);

/// <summary>A program's nests, compiled for a device when they first run. A launch allocates nothing beyond what ILGPU does.</summary>
public sealed class GpuProgram
{
    private readonly GpuDevice device;
    private readonly ImmutableArray<GpuNest> nests;
    private readonly Action<AcceleratorStream, Index1D, GpuArena>?[] kernels;

    /// <summary>Binds the nests, in the order of their execution, to a device.</summary>
    public GpuProgram(GpuDevice device, ImmutableArray<GpuNest> nests)
    {
        this.device = device;
        this.nests = nests;
        kernels = new Action<AcceleratorStream, Index1D, GpuArena>?[nests.Length];
    }

    /// <summary>Enqueues every nest for a batch of so many samples. A later copy from the memory waits for them.</summary>
    /// <exception cref="InvalidOperationException">The device's driver cannot compile a kernel.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The memory has no room for so many samples, or one value of them would have more than 2^31 - 1 elements.</exception>
    public void Run(GpuMemory memory, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, memory.Capacity);
        var arena = memory.Of(samples);
        for (var i = 0; i < nests.Length; i++)
        {
            var nest = nests[i];
            var threads = nest.Batched ? (long)nest.Elements * samples : nest.Elements;
            if (threads > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(samples), samples, $"{nest.Kernel.Method.Name} would compute {threads} elements, more than 2^31 - 1; use smaller batches");
            if (threads > 0)
                (kernels[i] ??= Compile(nest.Kernel))(device.Accelerator.DefaultStream, (int)threads, arena);
        }
    }

    private Action<AcceleratorStream, Index1D, GpuArena> Compile(Action<Index1D, GpuArena> kernel)
    {
        try
        {
            return device.Accelerator.LoadAutoGroupedKernel(kernel);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{device.Name} cannot compile the kernel {kernel.Method.DeclaringType}.{kernel.Method.Name}: {fault.GetBaseException().Message}", fault);
        }
    }
}
