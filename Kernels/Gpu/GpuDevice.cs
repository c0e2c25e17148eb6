using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace NNGen.Gpu;

/// <summary>What drives a device.</summary>
public enum GpuKind
{
    /// <summary>NVIDIA's driver.</summary>
    Cuda,

    /// <summary>Any OpenCL driver; PoCL makes the processor a device.</summary>
    OpenCl,
}

/// <summary>A device that could be opened.</summary>
/// <param name="Kind">What drives it.</param>
/// <param name="Name">Its name, as the driver gives it.</param>
/// <param name="Memory">Its memory in bytes.</param>
public sealed record GpuInfo(GpuKind Kind, string Name, long Memory);

/// <summary>No device can be opened; the message says what is missing.</summary>
public sealed class GpuUnavailableException(string message) : Exception(message);

/// <summary>An open GPU. Networks on it keep using it, so dispose of it after them. Not for several threads at once.</summary>
public sealed class GpuDevice : IDisposable
{
    private readonly Context context;

    private GpuDevice(Context context, GpuInfo info, Accelerator accelerator)
    {
        this.context = context;
        Info = info;
        Accelerator = accelerator;
    }

    /// <summary>Kind, name and memory.</summary>
    public GpuInfo Info { get; }

    /// <summary>What drives the device.</summary>
    public GpuKind Kind => Info.Kind;

    /// <summary>The device's name, as the driver gives it.</summary>
    public string Name => Info.Name;

    /// <summary>The device's memory in bytes.</summary>
    public long Memory => Info.Memory;

    /// <summary>ILGPU's device, for kernels of one's own.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>All devices that could be opened, in the order in which <see cref="Open"/> prefers them: CUDA before OpenCL.</summary>
    public static ImmutableArray<GpuInfo> List()
    {
        using var context = NewContext();
        return [.. Devices(context).Select(found => found.Info)];
    }

    /// <summary>Opens the first device of a kind; without a kind, the first CUDA device, else the first OpenCL device.</summary>
    /// <exception cref="GpuUnavailableException">There is none; the message says what is missing.</exception>
    public static GpuDevice Open(GpuKind? kind = null)
    {
        var context = NewContext();
        try
        {
            var (info, device) = Devices(context).FirstOrDefault(found => kind is null || found.Info.Kind == kind);
            return device is null ? throw new GpuUnavailableException(Missing(kind)) : new GpuDevice(context, info, device.CreateAccelerator(context));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Waits until everything that was launched is done.</summary>
    public void Synchronize() => Accelerator.Synchronize();

    /// <summary>Closes the device.</summary>
    public void Dispose()
    {
        Accelerator.Dispose();
        context.Dispose();
    }

    // O2 always: O1 emits generic loads, which PoCL does not know.
    private static Context NewContext()
    {
        DriverLibraries.Resolve();
        return Context.Create(builder => builder.Optimize(OptimizationLevel.O2).Cuda().OpenCL(device =>
        {
            AssumeGenericAddressSpace(device.Capabilities, true);
            return true;
        }));
    }

    // Where there is no other, ILGPU adds its simulation of a GPU on the processor: a thread per GPU thread, of no use here.
    private static IEnumerable<(GpuInfo Info, Device Device)> Devices(Context context) => context.Devices
        .Where(device => device is CudaDevice or CLDevice)
        .Select(device => (Info: new GpuInfo(device is CudaDevice ? GpuKind.Cuda : GpuKind.OpenCl, device.Name, device.MemorySize), device))
        .OrderBy(found => found.Info.Kind);

    private static string Missing(GpuKind? kind)
    {
        var cuda = DriverLibraries.Cuda ? "CUDA's driver is there but shows no device" : "CUDA's driver is not installed";
        var openCl = DriverLibraries.OpenCl
            ? "the OpenCL loader is there but shows no device: install the device's driver (on Debian pocl-opencl-icd makes the processor a device)"
            : "the OpenCL loader is not installed (on Debian: apt-get install ocl-icd-libopencl1 pocl-opencl-icd)";
        return "No GPU can be opened: " + kind switch { GpuKind.Cuda => cuda, GpuKind.OpenCl => openCl, _ => $"{cuda}; {openCl}" } + ".";
    }

    // PoCL 3.1 reports no generic address space, and ILGPU then leaves the device out, although optimised kernels need none.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void AssumeGenericAddressSpace(CLCapabilityContext capabilities, bool value);
}
