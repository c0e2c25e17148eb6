using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>Where a value begins in the memory of another one, which holds all of it.</summary>
/// <param name="Host">The other value.</param>
/// <param name="Row">Rows of the host before its first.</param>
/// <param name="Column">Numbers before its first in each of the host's rows.</param>
public readonly record struct Placement(int Host, int Row, int Column);

/// <summary>
/// The values of a program that have no memory of their own: the parts of a concatenation are written where it lies, and a slice is read where the whole lies. Nothing is computed for either.
/// </summary>
/// <remarks>
/// A value is taken as rows of numbers side by side. With the batch in lanes a sample is one row. With channels in lanes each place of a map is a row of its channels, and lies one pitch of its root
/// behind the place before: the root is the value that has memory, at the end of the chain of hosts.
/// </remarks>
public sealed class Placements
{
    private readonly TensorGraph graph;
    private readonly bool byChannel;
    private readonly Dictionary<int, Placement> hosts = [];
    private readonly Dictionary<int, IReadOnlyList<int>> views = [];

    private Placements(TensorGraph graph, bool byChannel) => (this.graph, this.byChannel) = (graph, byChannel);

    /// <summary>The placements of a program's values, from its last to its first: what joins most has the memory.</summary>
    public static Placements Of(LoopProgram program, bool byChannel)
    {
        var placements = new Placements(program.Graph, byChannel);
        var stored = new HashSet<int>(program.Nests.Select(nest => nest.Node));
        foreach (var nest in program.Nests.Reverse())
            if (placements.Pieces(nest) is { } pieces && pieces.All(piece => stored.Contains(piece.Value)))
                placements.Take(nest.Node, pieces);
        return placements;
    }

    /// <summary>The placements that joins of a graph would have, and what must be copied for them. A join is taken if it is wanted, and its operands that cannot lie in it get a copy that can.</summary>
    /// <param name="graph">The program.</param>
    /// <param name="byChannel">Whether channels are in lanes.</param>
    /// <param name="joins">The joins, each with the nest that reads all its operands from memory.</param>
    /// <param name="isApart">Whether an operand had better not lie in a join.</param>
    /// <param name="isWanted">Whether to join, given how many of the operands would be copied.</param>
    internal static (IReadOnlyList<int> Taken, IReadOnlyCollection<(int Join, int Operand)> Copied) Of(TensorGraph graph, bool byChannel, IEnumerable<Nest> joins, Func<int, int, bool> isApart, Func<int, int, bool> isWanted)
    {
        var placements = new Placements(graph, byChannel);
        var (taken, copied) = (new List<int>(), new HashSet<(int, int)>());
        foreach (var join in joins.Reverse())
        {
            if (placements.Pieces(join) is not { Count: > 1 } pieces || pieces.Count != graph[join.Node].Inputs.Count)
                continue;
            var free = pieces.Where((piece, k) => placements.IsFree(piece.Value) && !isApart(join.Node, piece.Value) && pieces.Take(k).All(other => other.Value != piece.Value)).ToArray();
            var copies = placements.Together(join.Node, pieces) is null ? pieces.Count - free.Length : 0;
            if (placements.IsPinned(join.Node) || !isWanted(join.Node, copies))
                continue;
            taken.Add(join.Node);
            if (copies == 0 && placements.Take(join.Node, pieces))
                continue;
            placements.Put(join.Node, free);
            copied.UnionWith(pieces.Select((piece, k) => (piece, k)).Where(pair => !free.Contains(pair.piece)).Select(pair => (join.Node, pair.k)));
        }
        return (taken, copied);
    }

    /// <summary>The values that are nothing but others' memory: they have no nest.</summary>
    public IEnumerable<int> Views => views.Keys.OrderBy(id => id);

    public bool IsView(int id) => views.ContainsKey(id);

    /// <summary>The stored values that a view consists of, or is a part of.</summary>
    public IReadOnlyList<int> Sources(int view) => views[view];

    /// <summary>Whether a view is the host of its sources; otherwise it is a part of its one source.</summary>
    public bool IsJoin(int view) => views[view].Any(source => hosts.TryGetValue(source, out var placement) && placement.Host == view);

    /// <summary>The value that it is a part of.</summary>
    public int Host(int id) => hosts[id].Host;

    /// <summary>Whether a nest copies a value into its part of a join.</summary>
    public bool IsCopy(Nest nest) => hosts.ContainsKey(nest.Node) && !IsView(nest.Node) && nest.Body is Scalar.Load load && graph[load.Node].Type.Sizes == graph[nest.Node].Type.Sizes;

    /// <summary>Whether a nest joins stored values by copying them.</summary>
    public bool IsCopiedJoin(Nest nest) => graph[nest.Node].Type is { Batched: true, Type: DType.F32 } && !IsView(nest.Node) && Loads(nest.Body, out var loads) && loads.Count > 1;

    /// <summary>The value in whose memory it lies: itself if it has its own.</summary>
    public int Root(int id) => hosts.TryGetValue(id, out var placement) ? Root(placement.Host) : id;

    /// <summary>Floats, or vectors of samples, from the root's first to its own.</summary>
    public int Offset(int id) => hosts.TryGetValue(id, out var placement) ? Offset(placement.Host) + (placement.Row * Pitch(placement.Host)) + placement.Column : 0;

    /// <summary>From one row to the next. With channels in lanes: floats from one place of a map to its neighbour.</summary>
    public int Pitch(int id) => Width(Root(id));

    /// <summary>Whether its rows follow each other without a gap.</summary>
    public bool IsDense(int id) => Width(id) == graph[id].Type.Elements || Pitch(id) == Width(id);

    private int Width(int id) => byChannel && ChannelLanes.IsTurned(OfSample(id)) ? graph[id].Type.Sizes[0] : graph[id].Type.Elements;

    // What all samples share is never placed, but copied to where a sample's value would be.
    private TensorType OfSample(int id) => graph[id].Type with { Batched = true };

    // With channels in lanes, data and outputs are turned into another order on their way: what is turned is dense.
    private bool IsPinned(int id) => byChannel && graph.Outputs.Any(output => output.Node == id);

    private bool IsFree(int id) => IsComputed(id) && !hosts.ContainsKey(id) && !IsPinned(id);

    private bool IsComputed(int id) => graph[id] is { Inputs.Count: > 0, Type: { Batched: true, Type: DType.F32 } };

    // Makes a value a view of these pieces, or these pieces parts of it, if that holds for all of them.
    private bool Take(int id, IReadOnlyList<Piece> pieces)
    {
        if (IsPinned(id))
            return false;
        if (pieces.Count > 1 || hosts.ContainsKey(id))
        {
            // A value in its own shape again is a copy that is wanted.
            var isNew = pieces.All(piece => IsFree(piece.Value) && graph[piece.Value].Type != graph[id].Type) && pieces.Select(piece => piece.Value).Distinct().Count() == pieces.Count && pieces.Sum(piece => graph[piece.Value].Type.Elements) == graph[id].Type.Elements;
            if (isNew)
                Put(id, pieces);
            else if (Together(id, pieces) is { } together)
                hosts[id] = together;
            else
                return false;
        }
        else if (pieces is [var whole] && IsComputed(whole.Value) && !IsPinned(whole.Value))
            hosts[id] = new(whole.Value, whole.Row, whole.Column);
        else
            return false;
        views[id] = [.. pieces.Select(piece => piece.Value)];
        return true;
    }

    private void Put(int id, IEnumerable<Piece> pieces)
    {
        foreach (var piece in pieces)
            hosts[piece.Value] = new(id, piece.Row, piece.Column);
    }

    // Where a join lies if its pieces lie side by side in another one already, as those of a shorter list do in a longer one.
    private Placement? Together(int id, IReadOnlyList<Piece> pieces)
    {
        if (hosts.ContainsKey(id))
            return null;
        var starts = pieces.Select(piece => hosts.TryGetValue(piece.Value, out var own) ? new Placement(own.Host, own.Row - piece.Row, own.Column - piece.Column) : (Placement?)null).Distinct().ToArray();
        return starts is [{ Row: >= 0, Column: >= 0 } start] && start.Column + Width(id) <= Width(start.Host) ? start : null;
    }

    /// <summary>A stored value as a part of a nest's result; for a result that is a part of the value, where it begins there.</summary>
    private readonly record struct Piece(int Value, int Row, int Column);

    // The values that a result consists of, or the one that it is a part of; null where anything is computed, or lies otherwise. With the operands' elements where they lie, each at a constant
    // distance from the result's, conditions need no look: parts that do not overlap and fill the result can be read in one way only.
    private IReadOnlyList<Piece>? Pieces(Nest nest)
    {
        if (graph[nest.Node].Type is not { Batched: true, Type: DType.F32 } type || !Loads(nest.Body, out var loads))
            return null;
        var at = new Point(null, nest.Axes.Where(axis => !axis.IsBatch).Select(axis => (Subscript)axis).ToEquatableArray());
        var pieces = new List<Piece>();
        foreach (var load in loads)
        {
            var pitch = Width(loads.Count > 1 ? nest.Node : load.Node);
            if (Place(load.Node, load.At, pitch) - Place(nest.Node, at, pitch) is not { Terms.Count: 0 } distance)
                return null;
            var start = loads.Count > 1 ? -distance.Constant : distance.Constant;
            if (start < 0)
                return null;
            pieces.Add(new(load.Node, (int)(start / pitch), (int)(start % pitch)));
        }
        return pieces is [var whole] ? whole.Column + Width(nest.Node) <= Width(whole.Value) ? pieces : null
            : pieces.Sum(piece => (long)graph[piece.Value].Type.Elements) == type.Elements && pieces.All(piece => piece.Column + Width(piece.Value) <= Width(nest.Node))
                && !pieces.Where((piece, k) => pieces.Take(k).Any(other => Overlap(piece, other))).Any() ? pieces : null;

        Subscript Place(int id, Point point, int pitch) => byChannel ? ChannelLanes.Offset(OfSample(id), point, pitch) : DenseLayout.Offset(graph[id].Type with { Batched = false }, point with { Sample = null });
    }

    private bool Overlap(Piece a, Piece b) =>
        a.Row < b.Row + Rows(b.Value) && b.Row < a.Row + Rows(a.Value) && a.Column < b.Column + Width(b.Value) && b.Column < a.Column + Width(a.Value);

    private int Rows(int id) => graph[id].Type.Elements / Width(id);

    // The loads that an expression chooses between by position; false where it is anything else.
    private static bool Loads(Scalar body, out IReadOnlyList<Scalar.Load> loads)
    {
        var found = new List<Scalar.Load>();
        var isOnly = Down(body);
        loads = found;
        return isOnly;

        bool Down(Scalar scalar)
        {
            if (scalar is Scalar.Load load)
                found.Add(load);
            return scalar is Scalar.Load || (scalar is Scalar.Guard guard && Down(guard.Inside) && Down(guard.Outside));
        }
    }
}
