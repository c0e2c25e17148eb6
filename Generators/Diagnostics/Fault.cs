using NNGen.Generators.Support;

namespace NNGen.Generators.Diagnostics;

/// <summary>What is wrong and what would be right, found without Roslyn: the id of a descriptor and its message's arguments.</summary>
public sealed record Fault(string Id, EquatableArray<string> Arguments)
{
    public Fault(string id, params string[] arguments) : this(id, arguments.ToEquatableArray()) { }

    public override string ToString() => $"{Id}: {string.Join("; ", Arguments)}";
}
