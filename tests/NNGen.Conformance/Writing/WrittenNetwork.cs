using System.Collections.Immutable;
using NNGen.Conformance.Cases;

namespace NNGen.Conformance.Writing;

/// <summary>A network written for a case, the numbers that go into it, and those that must come out.</summary>
/// <param name="Class">The class's name.</param>
/// <param name="Source">The C# source, a whole file.</param>
/// <param name="Count">The number of samples in the batch.</param>
/// <param name="Inputs">The inputs of <c>Forward</c>, in order.</param>
/// <param name="Targets">What else <c>Loss</c> takes, in order.</param>
/// <param name="Parameters">The parameters in the order of their birth.</param>
/// <param name="Buffers">The buffers in the order of their birth.</param>
/// <param name="OutputSizes">The number of elements of each output, all samples.</param>
/// <param name="Expected">What must come out.</param>
public sealed record WrittenNetwork(
    string Class,
    string Source,
    int Count,
    ImmutableArray<Data> Inputs,
    ImmutableArray<Data> Targets,
    ImmutableArray<Slot> Parameters,
    ImmutableArray<Slot> Buffers,
    ImmutableArray<int> OutputSizes,
    ImmutableArray<Expectation> Expected);

/// <summary>A column of data: its name in the network, the sizes of one sample, and the elements of all samples.</summary>
/// <param name="Name">The name of the parameter of <c>Forward</c> or <c>Loss</c>.</param>
/// <param name="Shape">The sizes of one sample.</param>
/// <param name="Values">Its elements; integers for labels.</param>
/// <param name="Classes">For labels how many classes there are; 0 for real numbers.</param>
public sealed record Data(string Name, ImmutableArray<int> Shape, double[] Values, int Classes = 0);

/// <summary>A parameter or a buffer: the case's name for it, its shape, and its first values.</summary>
public sealed record Slot(string Name, ImmutableArray<int> Shape, double[] Values);

/// <summary>What kind of number a network gives.</summary>
public enum Quantity
{
    /// <summary>An output in inference mode.</summary>
    Output,

    /// <summary>The loss in training mode.</summary>
    Loss,

    /// <summary>d loss / d input.</summary>
    InputGradient,

    /// <summary>d loss / d parameter.</summary>
    ParameterGradient,

    /// <summary>A buffer after the batch.</summary>
    Buffer,
}

/// <summary>Numbers that must come out.</summary>
/// <param name="Quantity">Of which kind.</param>
/// <param name="Index">Of which output, input, parameter or buffer.</param>
/// <param name="Tensor">The case's name for them.</param>
/// <param name="Values">The numbers.</param>
public sealed record Expectation(Quantity Quantity, int Index, string Tensor, double[] Values);

/// <summary>A case says what our vocabulary cannot: the message says what.</summary>
public sealed class UnsupportedException(string message) : Exception(message);

/// <summary>What was written for a case.</summary>
public abstract record Writing
{
    private Writing()
    {
    }

    /// <summary>Networks of which each must give what it is expected to.</summary>
    public sealed record Operation(ImmutableArray<WrittenNetwork> Networks) : Writing;

    /// <summary>
    /// A network to be trained. Where its description leaves something open there are several candidates; the one that gives the first output and the
    /// first loss is taken, and all else must then agree.
    /// </summary>
    public sealed record Trained(ImmutableArray<Candidate> Candidates) : Writing;

    /// <summary>Gradients for an optimiser of Core.</summary>
    public sealed record Optimisation(Optimizer Optimizer) : Writing;
}

/// <summary>One reading of a trained network's description.</summary>
/// <param name="Network">The network.</param>
/// <param name="Probe">
/// Where the network behaves differently in training: the same with its output times an input of ones, whose gradient is the output in training mode.
/// </param>
public sealed record Candidate(WrittenNetwork Network, WrittenNetwork? Probe);
