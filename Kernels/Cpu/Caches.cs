using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>Hints about what will be read soon.</summary>
public static class Caches
{
    /// <summary>Asks for a line of memory, to be near when it is read. Any address will do: one that is none is left alone, and so is a processor without the instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch(ref float at)
    {
        // The address may be out of date when the instruction runs, should arrays be moved: the hint is then in vain.
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref at));
    }
}
