using NNGen.Conformance.Cases;

namespace NNGen.Conformance.Writing;

/// <summary>A kind of case: how its names begin, which attributes it may have, and how it is written.</summary>
internal sealed record Family(string Prefix, string[] Attributes, Func<Case, Writing> Write)
{
    /// <summary>A family of one op per case.</summary>
    public static Family Of(string prefix, string[] attributes, Func<Case, Op> write) =>
        new(prefix, attributes, from => new Writing.Operation([OpWriter.Write(from, write(from))]));

    /// <summary>A family of ops without attributes, written as a function of their one input.</summary>
    public static Family Of(string prefix, Func<string, string> expression) => Of(prefix, [], from => Op.Of(from, expression));
}

/// <summary>All kinds of cases. A case belongs to the one whose prefix is the longest that its name is or begins with before an underscore.</summary>
internal static class Families
{
    private static readonly Family[] Table =
    [
        .. ElementwiseFamilies.Table, .. AffineFamilies.Table, .. NormFamilies.Table, .. MovementFamilies.Table, .. ReductionFamilies.Table,
        .. PoolingFamilies.Table, .. LossFamilies.Table, .. OptimizerFamilies.Table, .. NetworkFamilies.Table,
    ];

    /// <summary>Writes a case.</summary>
    /// <exception cref="UnsupportedException">The vocabulary has no words for it.</exception>
    public static Writing Write(Case from)
    {
        var family = Table.Where(f => from.Name == f.Prefix || from.Name.StartsWith(f.Prefix + "_", StringComparison.Ordinal)).MaxBy(f => f.Prefix.Length)
            ?? throw new UnsupportedException($"no way is known to write '{from.Name}'");
        var unknown = from.Attributes.Names.Except(family.Attributes).ToArray();
        return unknown.Length == 0 ? family.Write(from) : throw new UnsupportedException($"{family.Prefix} with the attribute '{unknown[0]}' is not known");
    }
}
