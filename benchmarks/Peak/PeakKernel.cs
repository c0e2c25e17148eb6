namespace NNGen.Benchmarks.Peak;

/// <summary>A row of `peak` before it is measured.</summary>
/// <param name="Name">What runs.</param>
/// <param name="Flops">Operations of one run in direct arithmetic.</param>
/// <param name="Run">Runs it.</param>
/// <param name="Check">Says what is wrong with the result of a run; null if nothing is.</param>
internal sealed record PeakKernel(string Name, double Flops, Action Run, Func<string?> Check);
