using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// A convolution that minimal filtering computes, F(4 x 4, 3 x 3) or F(2 x 2, 5 x 5), or along its rows alone F(4, 3) or F(2, 5): with such kernels, stride 1, and both factors stored. Where tiles of
/// F(4 x 4, 3 x 3) have one or two outputs left along an axis, the last is one of F(2, 3), which needs four of its six points.
/// </summary>
/// <param name="Data">The value that the window moves over.</param>
/// <param name="Other">The weights; the cotangent of the output where the weights' gradient is computed.</param>
/// <param name="IsWeights">Whether the result is the weights' gradient.</param>
/// <param name="IsAdjoint">Whether the weights are used backwards: their axes of channels change places, and taps count from the end.</param>
/// <param name="Inputs">Channels of the data.</param>
/// <param name="Outputs">Channels of the output.</param>
/// <param name="Height">Rows of the data.</param>
/// <param name="Width">Columns of the data.</param>
/// <param name="Rows">Rows of the output.</param>
/// <param name="Columns">Columns of the output.</param>
/// <param name="Top">Rows of zeros above the data.</param>
/// <param name="Left">Columns of zeros to its left.</param>
/// <param name="Taps">The kernels' size along an axis, 3 or 5.</param>
/// <param name="IsRows">Whether channels are in lanes, sample by sample.</param>
/// <param name="IsAlongRows">Whether rows alone are transformed, with the batch in lanes.</param>
public sealed record WinogradConvolution(
    int Data, int Other, bool IsWeights, bool IsAdjoint, int Inputs, int Outputs, int Height, int Width, int Rows, int Columns, int Top, int Left, int Taps = 3, bool IsRows = false, bool IsAlongRows = false)
{
    private const int Points = 36, Reach = 6, Lanes = LaneSchedule.Lanes, Window = Reach * 34 * Lanes;

    /// <summary>Outputs of a tile along an axis.</summary>
    public int Side => Reach + 1 - Taps;

    /// <summary>Its name: F(outputs of a tile, taps).</summary>
    public string Name => IsAlongRows ? $"F({Side}, {Taps}) along rows" : $"F({Side} x {Side}, {Taps} x {Taps}){(IsNarrow(Rows) || IsNarrow(Columns) ? " with F(2, 3) at the end" : "")}";

    // Rows of the data that lie between two strips are transformed for both. As many as fill the cache, and in equal strips.
    private int StripsAlongRows => (Rows + MostAlongRows - 1) / MostAlongRows;

    private int MostAlongRows => Math.Max(1, Math.Min(Rows, ((Slots.StripFloats / (Reach * Across * Lanes)) - ((Taps - 1) * Inputs)) / (Inputs + Outputs)));

    private int Tiles => (Rows + Side - 1) / Side * Across;

    private int Across => (Columns + Side - 1) / Side;

    /// <summary>Tiles that go through at a time; rows of outputs, where those alone are transformed. With channels in lanes they are the rows of products, of which a tile in registers has twelve.</summary>
    public int Strip => IsAlongRows ? (Rows + StripsAlongRows - 1) / StripsAlongRows : IsRows
        ? IsWeights || KernelFloats > Slots.StripFloats ? Slots.MostTiles : Math.Max(12, Math.Min(Slots.MostTiles, (Slots.StripFloats + Slots.NearFloats - KernelFloats) / (Points * (Inputs + Outputs)) / 12 * 12))
        : Math.Max(1, Math.Min(Tiles, Slots.StripFloats / (Points * (Inputs + Outputs) * Lanes) / 2 * 2));

    /// <summary>
    /// Whether, with channels in lanes, it runs over all samples at once: a small map has too few tiles to be worth a walk through the kernels, and a gradient that is larger than the maps is not
    /// worth a share for each sample. Otherwise a sample's maps are read while they are near.
    /// </summary>
    public bool IsOverSamples => IsRows && (IsWeights ? GradientFloats > (Inputs * Height * Width) + (Outputs * Rows * Columns) : Tiles < Slots.FewTiles && KernelFloats > Slots.NearFloats);

    /// <summary>Floats of the transformed kernels.</summary>
    public int KernelFloats => IsAlongRows ? Reach * Pitch(Outputs * Taps * Inputs) : Points * Pitch(Outputs * Inputs);

    /// <summary>Floats of a lane block's share of the gradient before its last transform.</summary>
    public int GradientFloats => (IsAlongRows ? Reach * Taps : Points) * Pitch(Outputs * Padded);

    /// <summary>Floats to work in.</summary>
    public int Scratch => IsAlongRows
        ? (Reach * Lanes) + (Reach * (Pitch(Inputs * (Strip + Taps - 1) * Across * Lanes) + Pitch(Outputs * Strip * Across * Lanes)))
        : Window + (IsTurned ? Points * Lanes * Lanes : 0) + (Points * (Pitch((IsTurned ? Padded : Inputs) * Strip * Each) + Pitch(Outputs * Strip * Each)));

    /// <summary>Whether a weights' gradient with the batch in lanes turns the points of its data, rather than adding lanes inside its products.</summary>
    public bool IsTurned => IsWeights && !IsRows && !IsAlongRows && TurnedProducts < LaneProducts;

    // Numbers of a channel in a strip's tile: a lane block, or one.
    private int Each => IsRows ? 1 : Lanes;

    /// <summary>Whether it is worth its place and its rounding: it saves a part of the direct sum's time that one would notice.</summary>
    public bool Pays => PartOfDirect < Slots.Worthwhile;

    /// <summary>The time that it takes, as a part of the direct sum's.</summary>
    public double PartOfDirect => (IsAlongRows ? SlotsAlongRows : PointsAlong(Rows) * PointsAlong(Columns) / (double)Points * Tile) / (Slots.Direct * Inside(Rows, Height, Top) * Inside(Columns, Width, Left) * Inputs * Outputs);

    // Slots of one whole tile in all channels.
    private double Tile => (!IsWeights || IsRows ? Slots.Product * Points * Inputs * Outputs : Math.Min(TurnedProducts, LaneProducts))
        + (Slots.Window * (double)Inputs) + ((IsWeights ? Slots.Cotangent(Side) : Slots.Output(Side) + (Points * Slots.Sum)) * (double)Outputs);

    // Slots of all rows in all channels; strips have the rows between them twice.
    private double SlotsAlongRows => Across * (
        (Reach * (double)Taps * Inputs * Outputs * Rows * (IsWeights ? Slots.Product + (Slots.Lanes / (Strip * Across)) : Slots.Product))
        + (Slots.Line * (double)Inputs * (Rows + ((Taps - 1) * StripsAlongRows)))
        + ((IsWeights ? Slots.CotangentLine(Side) : Slots.OutputLine(Side) + (Reach * Slots.Sum)) * (double)Outputs * Rows));

    private double TurnedProducts => (Slots.Product * Points * Padded * Outputs) + (Slots.Turn * (double)Inputs);

    private double LaneProducts => (Slots.Product + (Slots.Lanes / Strip)) * Points * Inputs * Outputs;

    // Taps along an axis that lie inside the data, for all outputs: a direct sum leaves out the others.
    private double Inside(int outputs, int size, int before) => Enumerable.Range(0, Taps).Sum(tap => Enumerable.Range(0, outputs).Count(output => output + tap - before >= 0 && output + tap - before < size));

    // Points of all tiles along an axis.
    private int PointsAlong(int size) => ((size + Side - 1) / Side * Reach) - (IsNarrow(size) ? 2 : 0);

    // Whether one or two outputs are left for the last tile along an axis: then it has four points of the six.
    private bool IsNarrow(int size) => Taps == 3 && size % Side is 1 or 2;

    private int Padded => LaneSchedule.RoundedUp(Inputs);

    private static int Pitch(int floats) => floats + Lanes;

    /// <summary>The nest as such a convolution with channels in lanes, which 16 must divide; null when it is something else.</summary>
    public static WinogradConvolution? OfRows(TensorGraph graph, Nest nest) =>
        InTiles(graph, nest) is { } found && found.Inputs % Lanes == 0 && found.Outputs % Lanes == 0 ? found with { IsRows = true } : null;

    /// <summary>The nest as such a convolution with the batch in lanes; null when it is something else.</summary>
    public static WinogradConvolution? Of(TensorGraph graph, Nest nest) => InTiles(graph, nest)?.Best;

    /// <summary>
    /// The same with the batch in lanes in tiles or along rows. Tiles round more, so that they must be worth it; of a wide map even one row may need much more to work in than a strip may fill.
    /// </summary>
    public WinogradConvolution Best =>
        (this with { IsAlongRows = true }) is var rows && rows.Scratch <= 2 * Slots.StripFloats && PartOfDirect >= Slots.Worthwhile * rows.PartOfDirect ? rows : this;

    private static WinogradConvolution? InTiles(TensorGraph graph, Nest nest)
    {
        if (nest.Body is not Scalar.Reduce { Reducer: Reducer.Sum } sum)
            return null;
        var (conditions, product) = sum.Body is Scalar.Guard { Outside: Scalar.Literal { Value: 0 } } guard ? (guard.Conditions.ToArray(), guard.Inside) : ([], sum.Body);
        return product is Scalar.Apply { Function: Function.Multiply, Arguments: [Scalar.Load a, Scalar.Load b] }
            ? (graph[nest.Node].Type.Batched ? Map(a, b) ?? Map(b, a) : Weights(a, b) ?? Weights(b, a)) is { } found && conditions.All(c => Bounds(c, found.Load, found.Convolution)) ? found.Convolution : null
            : null;

        (Scalar.Load Load, WinogradConvolution Convolution)? Map(Scalar.Load x, Scalar.Load w)
        {
            if (nest.Axes is not [_, var o, var r, var s] || sum.Axes is not [var c, { Size: 3 or 5 } i, { Size: var taps } j] || i.Size != taps || graph[w.Node].Type is not { Batched: false, Rank: 4 }
                || !IsMap(x, nest.Axes[0], c))
                return null;
            var isAdjoint = Is(w.At[0], c) && Is(w.At[1], o);
            if ((!isAdjoint && !(Is(w.At[0], o) && Is(w.At[1], c))) || !Is(w.At[2], i) || !Is(w.At[3], j))
                return null;
            var sign = isAdjoint ? -1 : 1;
            return Shift(x.At[1], r, i, sign) is { } row && Shift(x.At[2], s, j, sign) is { } column
                ? (x, new(x.Node, w.Node, false, isAdjoint, c.Size, o.Size, graph[x.Node].Type.Sizes[1], graph[x.Node].Type.Sizes[2], r.Size, s.Size,
                    isAdjoint ? taps - 1 - row : -row, isAdjoint ? taps - 1 - column : -column, taps))
                : null;
        }

        (Scalar.Load Load, WinogradConvolution Convolution)? Weights(Scalar.Load x, Scalar.Load dy)
        {
            if (nest.Axes is not [var o, var c, { Size: 3 or 5 } i, { Size: var taps } j] || i.Size != taps || sum.Axes is not [{ IsBatch: true } n, var r, var s] || !IsMap(x, n, c) || !IsMap(dy, n, o)
                || !Is(dy.At[1], r) || !Is(dy.At[2], s) || graph[dy.Node].Type.Sizes[1] != r.Size || graph[dy.Node].Type.Sizes[2] != s.Size)
                return null;
            return Shift(x.At[1], r, i, 1) is { } row && Shift(x.At[2], s, j, 1) is { } column
                ? (x, new(x.Node, dy.Node, true, false, c.Size, o.Size, graph[x.Node].Type.Sizes[1], graph[x.Node].Type.Sizes[2], r.Size, s.Size, -row, -column, taps))
                : null;
        }

        bool IsMap(Scalar.Load load, Axis sample, Axis channel) =>
            graph[load.Node].Type is { Batched: true, Rank: 3, Type: DType.F32 } type && load.At.Sample is { } at && Is(at, sample) && Is(load.At[0], channel) && type.Sizes[0] == channel.Size;
    }

    private static bool Is(Subscript at, Axis axis) => at == (Subscript)axis;

    // What is left of a place when the output's and the kernel's share is taken away, if that is a number.
    private static int? Shift(Subscript at, Axis output, Axis tap, int sign) => at - (Subscript)output - ((Subscript)tap * sign) is { Terms.Count: 0 } rest ? (int)rest.Constant : null;

    // Padding by zeros is all that a guard may say.
    private static bool Bounds(Condition condition, Scalar.Load data, WinogradConvolution found) =>
        condition is Condition.InRange(var at, var size) && ((at == data.At[1] && size == found.Height) || (at == data.At[2] && size == found.Width));
}
