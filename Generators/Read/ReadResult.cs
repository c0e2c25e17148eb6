using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NNGen.Generators.Read;

/// <summary>What reading a network gives: the spec, which passes the wall; and what only the analyzer sees, since it holds on to the compilation.</summary>
/// <param name="Spec">All that the compiler knows of the network.</param>
/// <param name="Faults">What is wrong, where.</param>
/// <param name="Origins">For each specialisation, where its graph's nodes were written; null, or no entry, for an input.</param>
/// <param name="Trees">The syntax trees whose bodies the result depends on.</param>
public sealed record ReadResult(
    NetworkSpec Spec, ImmutableArray<LocatedFault> Faults, ImmutableArray<IReadOnlyList<Location?>> Origins, ImmutableArray<SyntaxTree> Trees);
