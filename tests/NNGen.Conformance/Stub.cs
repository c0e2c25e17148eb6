namespace NNGen.Generators;
public sealed class NetworkGenerator : Microsoft.CodeAnalysis.IIncrementalGenerator { public void Initialize(Microsoft.CodeAnalysis.IncrementalGeneratorInitializationContext c) { } }
