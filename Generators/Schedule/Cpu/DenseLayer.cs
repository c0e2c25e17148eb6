using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// A dense layer that runs over all lane blocks at once: its weights are too many to stay near a core from one block to the next, and to fetch them for each block again takes longer than to multiply them.
/// </summary>
/// <param name="Data">The values per sample that are multiplied.</param>
/// <param name="Other">The weights; the cotangent of the output where the weights' gradient is computed.</param>
/// <param name="IsWeights">Whether the result is the weights' gradient.</param>
/// <param name="IsTransposed">Whether sums run along the weights' first axis, as in the gradient of the layer's input.</param>
/// <param name="Inputs">Numbers of the data.</param>
/// <param name="Outputs">Numbers of the output.</param>
public sealed record DenseLayer(int Data, int Other, bool IsWeights, bool IsTransposed, int Inputs, int Outputs)
{
    private const int Packed = 72, Panel = 2 * LaneSchedule.Lanes, PanelSamples = 128, MostRows = 12;

    /// <summary>Floats to work in.</summary>
    public int Scratch => IsWeights ? ((((Inputs + Panel - 1) / Panel) + LaneSchedule.Slices - 1) / LaneSchedule.Slices * Panel * PanelSamples) + (MostRows * Panel) : IsTransposed ? Inputs * Packed : 0;

    /// <summary>The weights.</summary>
    public int Weights => Inputs * Outputs;

    /// <summary>The nest as such a layer, with both factors stored; null when it is something else, or when its weights stay near.</summary>
    public static DenseLayer? Of(TensorGraph graph, Nest nest)
    {
        if (graph[nest.Node].Type.Type != DType.F32
            || nest.Body is not Scalar.Reduce { Reducer: Reducer.Sum, Axes: [var along], Body: Scalar.Apply { Function: Function.Multiply, Arguments: [Scalar.Load a, Scalar.Load b] } })
            return null;
        var found = graph[nest.Node].Type.Batched ? Outputs(a, b) ?? Outputs(b, a) : Gradient(a, b) ?? Gradient(b, a);
        return found is { } layer && layer.Weights > Slots.NearFloats ? layer : null;

        DenseLayer? Outputs(Scalar.Load x, Scalar.Load w) =>
            nest.Axes is [var n, var o] && IsVector(x, n, along) && graph[w.Node].Type is { Batched: false, Rank: 2, Type: DType.F32 } && (Is(w.At[0], o) && Is(w.At[1], along)) is var isPlain
            && (isPlain || (Is(w.At[0], along) && Is(w.At[1], o)))
                ? new(x.Node, w.Node, false, !isPlain, along.Size, o.Size) : null;

        DenseLayer? Gradient(Scalar.Load x, Scalar.Load dy) =>
            nest.Axes is [var o, var k] && along.IsBatch && IsVector(x, along, k) && IsVector(dy, along, o) ? new(x.Node, dy.Node, true, false, k.Size, o.Size) : null;

        bool IsVector(Scalar.Load load, Axis sample, Axis axis) =>
            graph[load.Node].Type is { Batched: true, Rank: 1, Type: DType.F32 } type && load.At.Sample is { } at && Is(at, sample) && Is(load.At[0], axis) && type.Sizes[0] == axis.Size;
    }

    private static bool Is(Subscript at, Axis axis) => at == (Subscript)axis;
}
