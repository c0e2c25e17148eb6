using System.Runtime.InteropServices;

namespace NNGen.Gpu.Tests;

/// <summary>What the other tests of this project stand on: an OpenCL loader that has a platform to offer.</summary>
public class OpenClTests
{
    [Fact]
    public unsafe void Loader_WhenAsked_OffersAPlatform()
    {
        var count = 0u;
        var status = 0;
        if (NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "OpenCL.dll" : "libOpenCL.so.1", out var library))
        {
            // cl_int clGetPlatformIDs(cl_uint num_entries, cl_platform_id* platforms, cl_uint* num_platforms)
            var platformIds = (delegate* unmanaged<uint, nint*, uint*, int>)NativeLibrary.GetExport(library, "clGetPlatformIDs");
            status = platformIds(0, null, &count);
        }
        if (count == 0 && Environment.GetEnvironmentVariable("NNGEN_REQUIRE_OPENCL") != "1")
            Assert.Skip("No OpenCL platform on this machine. On Debian: apt-get install pocl-opencl-icd ocl-icd-libopencl1");

        Assert.True(count > 0, $"NNGEN_REQUIRE_OPENCL=1, but {(library == 0 ? "no OpenCL loader is on this machine" : $"the OpenCL loader knows no platform (status {status})")}.");
    }
}
