using System.Runtime.InteropServices;
using ILGPU;

namespace NNGen.Gpu;

/// <summary>ILGPU asks for `libOpenCL.so` and `libcuda.so`, which only development packages bring; drivers install the names with a version.</summary>
internal static class DriverLibraries
{
    private static readonly bool Resolving = Register();

    public static bool Cuda => NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _);

    public static bool OpenCl => NativeLibrary.TryLoad(
        OperatingSystem.IsWindows() ? "OpenCL.dll" : OperatingSystem.IsMacOS() ? "/System/Library/Frameworks/OpenCL.framework/OpenCL" : "libOpenCL.so.1", out _);

    public static void Resolve() => _ = Resolving;

    private static bool Register()
    {
        // Under Windows' Linux ILGPU installs a resolver of its own, and an assembly takes only one.
        if (!OperatingSystem.IsLinux() || Directory.Exists("/usr/lib/wsl"))
            return false;
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, (name, _, _) => name switch
            {
                "OpenCL" or "libOpenCL" or "libOpenCL.so" => Load("libOpenCL.so.1"),
                "cuda" or "libcuda" or "libcuda.so" => Load("libcuda.so.1"),
                _ => 0,
            });
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;                               // the program has one already, and knows what it does
        }

        static nint Load(string library) => NativeLibrary.TryLoad(library, out var handle) ? handle : 0;
    }
}
