using System.Collections.Immutable;

namespace NNGen.Benchmarks.Generator;

/// <summary>One change of a file, back and forth: the first text is in the file, the second takes its place.</summary>
public sealed record Edit(string Name, string File, string From, string To)
{
    public string Apply(string source) => source.Contains(From, StringComparison.Ordinal)
        ? source.Replace(From, To, StringComparison.Ordinal)
        : throw new InvalidOperationException($"'{From}' of the edit '{Name}' is not in {File}");
}

/// <summary>A network that is measured.</summary>
/// <param name="Name">Its class, and its file.</param>
/// <param name="Title">What it is called in tables.</param>
/// <param name="Parameters">How many parameters it has; another number means that it was read wrongly.</param>
/// <param name="Edits">What a user may do to it.</param>
public sealed record Model(string Name, string Title, long Parameters, ImmutableArray<Edit> Edits)
{
    public static readonly ImmutableArray<Model> All =
    [
        Of("LeNet5",      "LeNet-5",      61_706,    "Dense(84) | Tanh",                  "Dense(84) | Relu",                  ">> Tanh >>",      ">> Sigmoid >>"),
        Of("ResNet20",    "ResNet-20",    272_474,   "BatchNorm() | Relu",                "BatchNorm() | Tanh",                "+ shortcut | Relu", "+ shortcut | Tanh"),
        Of("DenseNet121", "DenseNet-121", 7_978_856, "BatchNorm() | Relu | GlobalAverage", "BatchNorm() | Tanh | GlobalAverage", "x | BatchNorm() | Relu", "x | BatchNorm() | Tanh"),
    ];

    public override string ToString() => Title;

    private static Model Of(string name, string title, long parameters, string from, string to, string helperFrom, string helperTo) => new(name, title, parameters,
    [
        new("a layer in the model",            name + ".cs",   from,           to),
        new("a comment in the model",          name + ".cs",   "static Tensor Forward", "/* the network */ static Tensor Forward"),
        new("a layer in its helper",           "Blocks.cs",    helperFrom,     helperTo),
        new("a method body elsewhere",         "Elsewhere.cs", "42",           "43"),
        new("a method's signature elsewhere",  "Elsewhere.cs", "int Answer()", "long Answer()"),
    ]);
}
