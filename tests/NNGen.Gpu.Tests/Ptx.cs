using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace NNGen.Gpu.Tests;

/// <summary>What NVIDIA's assembler would get, without a GPU.</summary>
internal static class Ptx
{
    /// <summary>A kernel as PTX for compute capability 9.0. A context of its own each time: one failed compilation spoils it for the next.</summary>
    public static string Of(MethodInfo kernel)
    {
        using var context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_78, null!);
        return ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromImplicitlyGroupedKernel(kernel), default)).PTXAssembly;
    }

    /// <summary>Fails where the kernel calls a function that no GPU has, or takes one of the hardware's approximations for an exact one.</summary>
    public static void AssertStandsAlone(MethodInfo kernel)
    {
        var text = Of(kernel);
        Assert.DoesNotContain(".extern .func", text);
        Assert.DoesNotContain(".approx", text);
    }
}
