using System.Runtime.InteropServices;
using TorchSharp;

namespace NNGen.Benchmarks.Versus.Torch;

/// <summary>TorchSharp's native library.</summary>
internal static class TorchLibrary
{
    private static readonly string[] Parts = ["torch_cpu", "LibTorchSharp"];

    /// <summary>The library and its version.</summary>
    public static string Name => $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Loads it and sets its threads.</summary>
    /// <param name="threads">Threads of one operation; operations run one after the other.</param>
    /// <exception cref="InvalidOperationException">It does not load; the message says what it needs.</exception>
    public static void Load(int threads)
    {
        // Asked for here: TorchSharp itself would print a page of what it tried.
        var assembly = typeof(torch).Assembly;
        if (!Parts.All(part => NativeLibrary.TryLoad(part, assembly, null, out _)))
            throw new InvalidOperationException(
                "TorchSharp's native library does not load: on Linux it needs an x64 system whose libstdc++ has GLIBCXX_3.4.32, as Debian 13, Ubuntu 24.04 and newer have it");
        torch.set_num_threads(threads);
    }
}
