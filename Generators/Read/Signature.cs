using Microsoft.CodeAnalysis;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>Something that the user hands in for each sample, with its sizes in each specialisation.</summary>
internal sealed record Datum(string Name, bool IsLabels, int Classes, IReadOnlyList<EquatableArray<int>> Shapes, Location At)
{
    public EquatableArray<int> Sizes(int specialisation) => Shapes[Math.Min(specialisation, Shapes.Count - 1)];

    public DataSpec Spec(int specialisation) => new(Name, Sizes(specialisation), IsLabels, Classes);
}

/// <summary>What a parameter of Loss or a metric stands for.</summary>
internal abstract record Role
{
    private Role() { }

    public sealed record Output(int Index) : Role;

    public sealed record Data(Datum Datum) : Role;

    public sealed record Network(IParameterSymbol Parameter, INamedTypeSymbol Type, bool IsFrozen) : Role;

    public sealed record Wrong : Role;
}

/// <summary>How the functions' parameters are bound to data, outputs and networks.</summary>
internal sealed class Signature
{
    private readonly Reading reading;
    private readonly List<Datum> inputs = [];
    private readonly List<Datum> targets = [];

    public IReadOnlyList<Datum> Inputs => inputs;

    public IReadOnlyList<Datum> Targets => targets;

    public IReadOnlyList<string> Outputs { get; }

    public IReadOnlyList<Role> Forward { get; }

    public IReadOnlyList<Role> Loss { get; }

    public IReadOnlyList<IReadOnlyList<Role>> Metrics { get; }

    /// <summary>How many specialisations there are.</summary>
    public int Count { get; }

    public Signature(NetworkFunctions functions, Reading reading)
    {
        this.reading = reading;
        Forward = functions.Forward is { } forward ? [.. forward.Parameters.Select(OfForward)] : [];
        Outputs = Names(functions);
        Loss = functions.Loss is { } loss ? [.. loss.Parameters.Select(OfLoss)] : [];
        Metrics = [.. functions.Metrics.Select(metric => (IReadOnlyList<Role>)[.. metric.Parameters.Select(OfMetric)])];
        if (!functions.DeclaresLoss && functions.Metrics is [var first, ..])
            Say("NNG0014", Structure.Name(first), first.Name, "measures beside Loss, which this network lacks; add a Loss");
        var all = inputs.Concat(targets).ToList();
        Count = all.Select(datum => datum.Shapes.Count).DefaultIfEmpty(1).Max();
        foreach (var datum in all.Where(datum => datum.Shapes.Count != 1 && datum.Shapes.Count != Count))
            Say("NNG0010", datum.At, $"{datum.Name} has {datum.Shapes.Count} [Shape]s where another parameter has {Count}; give it one, or {Count} in the same order");
        CheckNames(all);
    }

    private Role OfForward(IParameterSymbol parameter)
    {
        if (Structure.NetworkOf(parameter.Type, out var isFrozen) is { } network)
            return Given(parameter, network, isFrozen);
        if (!Vocabulary.IsTensor(parameter.Type) || parameter.RefKind != RefKind.None || parameter.IsParams || parameter.IsOptional)
            return WrongType(parameter, "Forward", "a Tensor with a [Shape], or a network");
        return Data(parameter, inputs);
    }

    private Role OfLoss(IParameterSymbol parameter)
    {
        if (Structure.NetworkOf(parameter.Type, out var isFrozen) is { } network)
            return Given(parameter, network, isFrozen);
        var isLabels = IsLabels(parameter.Type);
        if (!isLabels && !Vocabulary.IsTensor(parameter.Type) || parameter.RefKind != RefKind.None || parameter.IsParams || parameter.IsOptional)
            return WrongType(parameter, "Loss", "a Tensor, a Scalar, Labels, or a network");
        var position = Position(parameter);
        if (position < Outputs.Count)
            return isLabels ? Wrong("NNG0014", parameter, "Loss", $"takes Forward's {(Outputs.Count == 1 ? "output" : Outputs.Count + " outputs")} first, so {parameter.Name} must be a Tensor")
                : new Role.Output(position);
        if (Known(parameter.Name, inputs) is { } input)
            return isLabels ? Wrong("NNG0014", parameter, "Loss", $"names Forward's input {parameter.Name}, so it must be a Tensor") : new Role.Data(input);
        return Data(parameter, targets);
    }

    private Role OfMetric(IParameterSymbol parameter)
    {
        if (Structure.NetworkOf(parameter.Type, out var isFrozen) is { } network)
            return Given(parameter, network, isFrozen);
        var isLabels = IsLabels(parameter.Type);
        if (!isLabels && !Vocabulary.IsTensor(parameter.Type))
            return WrongType(parameter, parameter.ContainingSymbol.Name, "a Tensor, a Scalar, Labels, or a network");
        var datum = Known(parameter.Name, inputs) ?? Known(parameter.Name, targets);
        var position = Outputs.ToList().IndexOf(parameter.Name) is >= 0 and var named ? named : Position(parameter);
        if (!isLabels && position < Outputs.Count)
            return new Role.Output(position);
        if (datum is not null && datum.IsLabels == isLabels)
            return new Role.Data(datum);
        return Wrong("NNG0014", parameter, parameter.ContainingSymbol.Name,
            $"takes Forward's outputs in order and then, by name, data of Forward and Loss; {parameter.Name} is none of {string.Join(", ", inputs.Concat(targets).Select(d => d.Name).DefaultIfEmpty("(nothing)"))}");
    }

    private Role Given(IParameterSymbol parameter, INamedTypeSymbol network, bool isFrozen) =>
        Structure.Problem(network, reading) is { } problem ? Wrong("NNG0019", parameter, problem) : new Role.Network(parameter, network, isFrozen);

    // Networks and labels among the parameters do not count.
    private static int Position(IParameterSymbol parameter) =>
        ((IMethodSymbol)parameter.ContainingSymbol).Parameters.Take(parameter.Ordinal).Count(p => Vocabulary.IsTensor(p.Type));

    private static Datum? Known(string name, List<Datum> data) => data.FirstOrDefault(datum => datum.Name == name);

    private static bool IsLabels(ITypeSymbol type) => type.Name == "Labels" && Vocabulary.IsCore(type);

    private Role Data(IParameterSymbol parameter, List<Datum> data)
    {
        var isLabels = IsLabels(parameter.Type);
        var shapes = Shapes(parameter);
        if (shapes is null)
            return new Role.Wrong();
        if (shapes.Count == 0 && !isLabels && parameter.Type.Name != "Scalar")
            return Wrong("NNG0009", parameter, parameter.Name);
        if (parameter.Type.Name == "Scalar" && shapes.Any(shape => shape.Count > 0))
            return Wrong("NNG0010", parameter, $"{parameter.Name} is a Scalar, which has no sizes; make it a Tensor");
        var classes = Structure.Attribute(parameter, "ClassesAttribute") is { } attribute ? Number(attribute) : null;
        if (isLabels && classes is not > 0)
            return Wrong("NNG0011", parameter, classes is null ? $"{parameter.Name} needs [Classes(n)], the number of classes" : $"{parameter.Name} needs at least one class, got [Classes({classes})]");
        if (!isLabels && classes is not null)
            return Wrong("NNG0011", parameter, $"[Classes] belongs to Labels, and {parameter.Name} is a {parameter.Type.Name}");
        var datum = new Datum(parameter.Name, isLabels, isLabels ? classes!.Value : 0, shapes.Count == 0 ? [[]] : shapes, Structure.Name(parameter));
        data.Add(datum);
        return new Role.Data(datum);
    }

    private static int? Number(AttributeData attribute) => attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Primitive, Value: int value }] ? value : null;

    private List<EquatableArray<int>>? Shapes(IParameterSymbol parameter)
    {
        var shapes = new List<EquatableArray<int>>();
        foreach (var attribute in parameter.GetAttributes().Where(a => a.AttributeClass is { Name: "ShapeAttribute" } type && Vocabulary.IsCore(type)))
        {
            if (attribute.ConstructorArguments is not [{ Kind: TypedConstantKind.Array, IsNull: false } values] || values.Values.Any(v => v.Value is not int))
                return null;
            var sizes = values.Values.Select(v => (int)v.Value!).ToEquatableArray();
            var at = attribute.ApplicationSyntaxReference?.GetSyntax(reading.Cancellation).GetLocation() ?? Structure.Name(parameter);
            if (sizes.Any(size => size < 1))
            {
                Say("NNG0010", at, $"[Shape{Text(sizes)}] of {parameter.Name}: sizes must be at least 1");
                return null;
            }
            if (sizes.Aggregate(1L, (product, size) => product > int.MaxValue ? product : product * size) > int.MaxValue)
            {
                Say("NNG1009", at, $"{parameter.Name} would have {sizes} elements per sample, more than 2^31 - 1");
                return null;
            }
            if (shapes.Contains(sizes))
            {
                Say("NNG0010", at, $"{parameter.Name} has [Shape{Text(sizes)}] twice; one is enough");
                return null;
            }
            shapes.Add(sizes);
        }
        return shapes;

        static string Text(EquatableArray<int> sizes) => "(" + string.Join(", ", sizes) + ")";
    }

    private static IReadOnlyList<string> Names(NetworkFunctions functions)
    {
        if (functions.Forward is not { } forward)
            return [];
        var named = functions.Loss?.Parameters.Where(p => Structure.NetworkOf(p.Type, out _) is null && Vocabulary.IsTensor(p.Type)).Select(p => p.Name).ToList() ?? [];
        return forward.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple
            ? [.. tuple.TupleElements.Select((element, i) => element.IsExplicitlyNamedTupleElement ? Place.Camel(element.Name) : i < named.Count ? named[i] : $"output{i + 1}")]
            : [named.Count > 0 ? named[0] : "output"];
    }

    // Names become properties of the generated records and parameters of the generated methods.
    private void CheckNames(List<Datum> all)
    {
        string[] reserved = ["Count", "Equals", "GetHashCode", "ToString", "Deconstruct", "PrintMembers", "EqualityContract"];
        var taken = new HashSet<string>(reserved);
        foreach (var datum in all)
            if (!taken.Add(Pascal(datum.Name)))
                Say("NNG0016", datum.At, reserved.Contains(Pascal(datum.Name))
                    ? $"{datum.Name} would become Batch.{Pascal(datum.Name)}, which Batch has already; rename it"
                    : $"{datum.Name} would become Batch.{Pascal(datum.Name)}, as another parameter does; rename one");
        foreach (var output in Outputs.Where(output => inputs.Any(input => input.Name == output)))
            Say("NNG0016", inputs.First(input => input.Name == output).At, $"{output} is the name of an input and, in Loss, of an output; rename one");
    }

    public static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private Role WrongType(IParameterSymbol parameter, string function, string right)
    {
        if (!Structure.HasError(parameter.Type))
            Say("NNG0007", Structure.Name(parameter), function, parameter.Name, right);
        return new Role.Wrong();
    }

    private Role Wrong(string id, IParameterSymbol parameter, params string[] arguments)
    {
        Say(id, Structure.Name(parameter), arguments);
        return new Role.Wrong();
    }

    private void Say(string id, Location at, params string[] arguments) => reading.Report(new Fault(id, arguments), at);
}
