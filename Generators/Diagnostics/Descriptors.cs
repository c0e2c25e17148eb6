using Microsoft.CodeAnalysis;

namespace NNGen.Generators.Diagnostics;

/// <summary>All diagnostics, in one table. Each has a section in Generators/README.md under its id, a line in AnalyzerReleases, and a test.</summary>
public static class Descriptors
{
    private const string Structure = "NNGen.Structure", Evaluation = "NNGen.Evaluation", Shapes = "NNGen.Shapes", Gradients = "NNGen.Gradients", Internal = "NNGen.Internal";

    private static readonly DiagnosticDescriptor NNG0001 = Error("NNG0001", Structure, "The language version is too old",
        "{0} needs C# 14, and this project is compiled as C# {1}; set <LangVersion>14</LangVersion>");
    private static readonly DiagnosticDescriptor NNG0002 = Error("NNG0002", Structure, "A network's class is not partial",
        "{0} must be partial, so that the compiled network can be added to it");
    private static readonly DiagnosticDescriptor NNG0003 = Error("NNG0003", Structure, "A network's class is of the wrong kind",
        "{0} is {1}; a network is a plain partial class: not static, abstract, generic, derived or a record");
    private static readonly DiagnosticDescriptor NNG0004 = Error("NNG0004", Structure, "Forward is missing",
        "{0} needs a function Forward: static Tensor Forward([Shape(..)] Tensor x) => ..");
    private static readonly DiagnosticDescriptor NNG0005 = Error("NNG0005", Structure, "A function of the network is declared twice",
        "{0} has more than one {1}; keep one, and call helpers by other names");
    private static readonly DiagnosticDescriptor NNG0006 = Error("NNG0006", Structure, "A function of the network has the wrong modifiers",
        "{0} must be {1}");
    private static readonly DiagnosticDescriptor NNG0007 = Error("NNG0007", Structure, "A parameter has the wrong type",
        "{0}'s parameter {1} must be {2}");
    private static readonly DiagnosticDescriptor NNG0008 = Error("NNG0008", Structure, "A function of the network returns the wrong type",
        "{0} must return {1}, and it returns {2}");
    private static readonly DiagnosticDescriptor NNG0009 = Error("NNG0009", Structure, "A [Shape] is missing",
        "{0} needs the sizes of one sample: [Shape(1, 28, 28)] Tensor {0}");
    private static readonly DiagnosticDescriptor NNG0010 = Error("NNG0010", Structure, "A [Shape] is wrong", "{0}");
    private static readonly DiagnosticDescriptor NNG0011 = Error("NNG0011", Structure, "Labels and classes do not match", "{0}");
    private static readonly DiagnosticDescriptor NNG0012 = Error("NNG0012", Structure, "Layers are added",
        "This operator on two {0}s combines delegates, it does not add what they return; write x => f(x) + g(x), or f >> g for one after the other");
    private static readonly DiagnosticDescriptor NNG0013 = Warning("NNG0013", Structure, "An input or target is not used",
        "{0} is passed in and influences nothing; use it or take it away");
    private static readonly DiagnosticDescriptor NNG0014 = Error("NNG0014", Structure, "A parameter of Loss or a metric is bound to nothing", "{0} {1}");
    private static readonly DiagnosticDescriptor NNG0015 = Error("NNG0015", Structure, "A member has the name of a generated one",
        "{0} is the name of a member that is generated for {1}; rename yours");
    private static readonly DiagnosticDescriptor NNG0016 = Error("NNG0016", Structure, "Two names collide", "{0}");
    private static readonly DiagnosticDescriptor NNG0017 = Error("NNG0017", Structure, "A shared layer is applied to another shape",
        "This {0} is shared: its {1} is {2} since its first application, and here it would have to be {3}; make a second layer, or apply it to equal sizes");
    private static readonly DiagnosticDescriptor NNG0018 = Error("NNG0018", Structure, "Parameters depend on the [Shape]",
        "All [Shape]s share the parameters, and these differ: {0}; use layers whose parameters do not depend on height and width, as GlobalAveragePool before Dense");
    private static readonly DiagnosticDescriptor NNG0019 = Error("NNG0019", Structure, "A network cannot be used so", "{0}");

    private static readonly DiagnosticDescriptor NNG0101 = Error("NNG0101", Evaluation, "This C# is not evaluated while compiling",
        "{0} cannot be evaluated while compiling; {1}");
    private static readonly DiagnosticDescriptor NNG0102 = Error("NNG0102", Evaluation, "A helper is in another assembly",
        "{0} is compiled in {1}, where its code cannot be read; write it in this project");
    private static readonly DiagnosticDescriptor NNG0103 = Error("NNG0103", Evaluation, "The evaluation does not end",
        "After {0} steps the function has not ended; the loop here may be endless");
    private static readonly DiagnosticDescriptor NNG0104 = Error("NNG0104", Evaluation, "Calls are nested too deeply",
        "Calls are nested more than {0} deep; the recursion here may be endless");
    private static readonly DiagnosticDescriptor NNG0105 = Error("NNG0105", Evaluation, "The function throws an exception",
        "Evaluating this throws {0}: {1}");
    private static readonly DiagnosticDescriptor NNG0106 = Error("NNG0106", Evaluation, "The network is too large",
        "The network has more than {0} operations here; a loop may run too often");
    private static readonly DiagnosticDescriptor NNG0107 = Error("NNG0107", Evaluation, "The function depends on static state",
        "{0} can change while the program runs, and the network is compiled before; make it const or static readonly, or a local or parameter");

    private static readonly DiagnosticDescriptor NNG1001 = Error("NNG1001", Shapes, "Sizes cannot be combined", "{0}");
    private static readonly DiagnosticDescriptor NNG1002 = Error("NNG1002", Shapes, "The number of axes is wrong", "{0}");
    private static readonly DiagnosticDescriptor NNG1003 = Error("NNG1003", Shapes, "Dense needs a vector", "{0}");
    private static readonly DiagnosticDescriptor NNG1004 = Error("NNG1004", Shapes, "A window does not fit", "{0}");
    private static readonly DiagnosticDescriptor NNG1005 = Error("NNG1005", Shapes, "Groups do not divide the channels", "{0}");
    private static readonly DiagnosticDescriptor NNG1006 = Error("NNG1006", Shapes, "The number of elements is wrong", "{0}");
    private static readonly DiagnosticDescriptor NNG1007 = Error("NNG1007", Shapes, "An axis or a part of it does not exist", "{0}");
    private static readonly DiagnosticDescriptor NNG1008 = Error("NNG1008", Shapes, "Parts cannot be joined", "{0}");
    private static readonly DiagnosticDescriptor NNG1009 = Error("NNG1009", Shapes, "A tensor is too large", "{0}");
    private static readonly DiagnosticDescriptor NNG1010 = Error("NNG1010", Shapes, "An option is out of range", "{0}");
    private static readonly DiagnosticDescriptor NNG1011 = Error("NNG1011", Shapes, "A loss compares different sizes", "{0}");
    private static readonly DiagnosticDescriptor NNG1012 = Error("NNG1012", Shapes, "Inner sizes of a product differ", "{0}");
    private static readonly DiagnosticDescriptor NNG1013 = Error("NNG1013", Shapes, "The element type is wrong", "{0}");
    private static readonly DiagnosticDescriptor NNG1014 = Error("NNG1014", Shapes, "A value per sample and one of the batch are mistaken", "{0}");

    private static readonly DiagnosticDescriptor NNG2001 = Warning("NNG2001", Gradients, "A parameter gets no gradient", "{0}");
    private static readonly DiagnosticDescriptor NNG2002 = Warning("NNG2002", Gradients, "A gradient is dropped", "{0}");

    private static readonly DiagnosticDescriptor NNG9001 = Error("NNG9001", Internal, "An internal fault of NNGen",
        "NNGen failed on {0}: {1}; please report it with the network's source");

    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
    [
        NNG0001, NNG0002, NNG0003, NNG0004, NNG0005, NNG0006, NNG0007, NNG0008, NNG0009, NNG0010, NNG0011, NNG0012, NNG0013, NNG0014, NNG0015, NNG0016, NNG0017, NNG0018,
        NNG0019, NNG0101, NNG0102, NNG0103, NNG0104, NNG0105, NNG0106, NNG0107, NNG1001, NNG1002, NNG1003, NNG1004, NNG1005, NNG1006, NNG1007, NNG1008, NNG1009, NNG1010,
        NNG1011, NNG1012, NNG1013, NNG1014, NNG2001, NNG2002, NNG9001,
    ];

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = All.ToDictionary(descriptor => descriptor.Id);

    public static DiagnosticDescriptor Of(string id) => ById[id];

    public static bool IsError(string id) => ById[id].DefaultSeverity == DiagnosticSeverity.Error;

    /// <summary>A fault as the compiler shows it.</summary>
    public static Diagnostic ToDiagnostic(this Fault fault, Location location) => Diagnostic.Create(Of(fault.Id), location, [.. fault.Arguments]);

    private static DiagnosticDescriptor Error(string id, string category, string title, string message) => Make(id, category, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string category, string title, string message) => Make(id, category, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Make(string id, string category, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, helpLinkUri: $"https://github.com/nngen/nngen/blob/main/Generators/README.md#{id.ToLowerInvariant()}");
}
