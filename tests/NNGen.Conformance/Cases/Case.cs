using System.Collections.Immutable;

namespace NNGen.Conformance.Cases;

/// <summary>
/// One set of reference values: what was computed (a name whose first part is the kind of op, settings, a sentence) and the tensors that went in and
/// came out.
/// </summary>
/// <param name="Name">The case's name, for example <c>conv2d_k3s1p1</c>.</param>
/// <param name="What">What was computed, in words.</param>
/// <param name="Attributes">The op's or the optimiser's settings.</param>
/// <param name="Losses">For networks the losses before each step and after the last.</param>
/// <param name="Optimizer">For networks the optimiser and its settings.</param>
/// <param name="Tensors">All tensors by name.</param>
public sealed record Case(string Name, string What, Attributes Attributes, ImmutableArray<double> Losses, Attributes Optimizer, SafeTensors Tensors)
{
    /// <summary>Whether there is such a tensor.</summary>
    public bool Has(string tensor) => Tensors.Find(tensor) is not null;

    /// <summary>A tensor's sizes.</summary>
    public int[] Shape(string tensor) => [.. Tensor(tensor).Shape];

    /// <summary>A tensor's elements.</summary>
    public double[] Values(string tensor) => Tensor(tensor).ToDoubles();

    /// <summary>Whether the tensor holds integers.</summary>
    public bool IsLabels(string tensor) => Tensor(tensor).Type is SafeTensorType.I32 or SafeTensorType.I64;

    /// <summary>Names of the tensors below a prefix, without it.</summary>
    public string[] Below(string prefix) =>
        [.. Tensors.Tensors.Select(t => t.Name).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..])];

    /// <summary>Whether the case's description contains the text, in whatever case.</summary>
    public bool Says(string text) => What.Contains(text, StringComparison.OrdinalIgnoreCase) || Name.Contains(text, StringComparison.OrdinalIgnoreCase);

    private SafeTensor Tensor(string name) => Tensors.Find(name) ?? throw new CaseException($"there is no tensor '{name}'");
}

/// <summary>A case's files are not what the format says.</summary>
public sealed class CaseException(string message) : Exception(message);
