using NNGen.Gpu.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(OpenCl))]
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace NNGen.Gpu.Tests;

/// <summary>The OpenCL device that all tests share. Without one a test that asks for it skips, or fails where NNGEN_REQUIRE_OPENCL=1.</summary>
public sealed class OpenCl : IDisposable
{
    private readonly Lazy<GpuDevice> device = new(() => GpuDevice.Open(GpuKind.OpenCl));

    public GpuDevice Device
    {
        get
        {
            try
            {
                return device.Value;
            }
            catch (GpuUnavailableException missing) when (Environment.GetEnvironmentVariable("NNGEN_REQUIRE_OPENCL") != "1")
            {
                Assert.Skip(missing.Message);
                throw;
            }
        }
    }

    public void Dispose()
    {
        if (device.IsValueCreated)
            device.Value.Dispose();
    }
}
