using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>
/// The wall: all that the compiler knows of a network, as strings, numbers and flat lists that compare by value. Nothing behind it sees Roslyn, so an edit
/// that leaves the spec equal re-runs nothing.
/// </summary>
/// <param name="Declaration">Where the generated part of the class goes.</param>
/// <param name="Parameters">Trainable tensors in the order of their birth, which is their order in memory and in files.</param>
/// <param name="Buffers">State that training updates without a gradient.</param>
/// <param name="Nested">Networks used inside this one.</param>
/// <param name="Metrics">Names of the metrics, in order.</param>
/// <param name="HasLoss">Whether the network can be trained.</param>
/// <param name="Specialisations">A graph for each [Shape]; one or more, over the same parameters. Where the network is faulty, one with the data that is known and an empty graph.</param>
/// <param name="Faulty">Whether the analyzer has an error to say; the class still gets its members, which throw.</param>
/// <param name="Options">What to emit besides the usual.</param>
public sealed record NetworkSpec(
    Declaration Declaration,
    EquatableArray<ParameterSpec> Parameters,
    EquatableArray<BufferSpec> Buffers,
    EquatableArray<NestedSpec> Nested,
    EquatableArray<string> Metrics,
    bool HasLoss,
    EquatableArray<Specialisation> Specialisations,
    bool Faulty,
    ProgramOptions Options);

/// <summary>The partial class: its namespace (empty for none), the headers of the partial types around it (`partial class Outer&lt;T&gt;`, outermost first), its own
/// keyword (`class`; empty where nothing can be added to the type) and name, the hint name of the generated file, unique in the compilation.</summary>
public sealed record Declaration(string Namespace, EquatableArray<string> Outer, string Keyword, string Name, string HintName);

/// <summary>A parameter: its stable name, initialiser and fans. A frozen one belongs to a network used with `Frozen` and gets no gradient.</summary>
public sealed record ParameterSpec(string Name, EquatableArray<int> Shape, InitializerSpec Initializer, int FanIn, int FanOut, bool Frozen);

/// <summary>How a parameter starts: the case of Core's `Initializer` and its number.</summary>
public sealed record InitializerSpec(string Kind, double Value);

/// <summary>A running statistic. The graph's output `buffer:NAME` is its next value.</summary>
public sealed record BufferSpec(string Name, EquatableArray<int> Shape, double Initial);

/// <summary>A network used inside this one: the property that hands it out, its full type name, and the ranges of parameters and buffers that are its own.</summary>
public sealed record NestedSpec(string Name, string Type, int FirstParameter, int ParameterCount, int FirstBuffer, int BufferCount, bool Frozen);

/// <summary>Something that the user passes or gets: a name as the user wrote it and sizes per sample; labels have a number of classes, reals 0.</summary>
public sealed record DataSpec(string Name, EquatableArray<int> Sizes, bool IsLabels, int Classes);

/// <summary>One graph of the network. Leaves are named as the data, parameters and buffers are. Outputs: `output:NAME` for each output, `loss` (one unbatched number),
/// `metric:NAME` (likewise), `buffer:NAME`.</summary>
public sealed record Specialisation(EquatableArray<DataSpec> Inputs, EquatableArray<DataSpec> Targets, EquatableArray<DataSpec> Outputs, TensorGraph Graph);

/// <summary>What to emit besides the usual: gradients of inputs, programs in double, kernels for the GPU; and whether every sum of products is taken directly.</summary>
public sealed record ProgramOptions(bool InputGradient, bool Double, bool Gpu, bool Direct);
