using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Lets what is computed on a convolution by minimal filtering ride in its last transform, and on a dense layer of all blocks in its loop: a bias, an activation, an adjoint's mask, a residual. The
/// result then goes to memory once, as what is wanted of it.
/// </summary>
internal static class Epilogues
{
    public static IReadOnlyList<LaneNest> Merged(TensorGraph graph, Placements placements, IReadOnlyList<LaneNest> nests, IReadOnlyCollection<int> kept)
    {
        var readers = nests.SelectMany(nest => nest.Nest.Loads().Select(load => (load, nest))).ToLookup(pair => pair.load, pair => pair.nest);
        var outputs = new HashSet<int>(graph.Outputs.Select(output => output.Node).Concat(kept));
        var place = nests.Select((nest, index) => (nest.Nest.Node, index)).ToDictionary(pair => pair.Node, pair => pair.index);
        var merged = new Dictionary<LaneNest, LaneNest>();
        var gone = new HashSet<LaneNest>();
        foreach (var nest in nests)
            if (nest is { Form: LaneForm.Winograd or LaneForm.Dense } && !outputs.Contains(nest.Nest.Node) && readers[nest.Nest.Node].ToArray() is [{ Form: LaneForm.Lanes or LaneForm.Sample } reader]
                && Fits(nest, reader))
            {
                // Both go into one value, and so into its formula.
                var (whole, fused) = (reader.Nest, nest.Nest.Fused.Concat(reader.Nest.Fused).ToEquatableArray());
                merged[nest] = nest with { Nest = new Nest(whole.Node, whole.Axes, whole.Body, fused), Sum = nest.Nest.Node };
                gone.Add(reader);
            }
        return [.. nests.Where(nest => !gone.Contains(nest)).Select(nest => merged.TryGetValue(nest, out var whole) ? whole : nest)];

        // An expression of the sum and of what is there before it: maps of the same shape at the same place, numbers of its channel, single numbers.
        bool Fits(LaneNest nest, LaneNest reader)
        {
            var fits = graph[reader.Nest.Node].Type is { Type: DType.F32 } own && own.Sizes.SequenceEqual(graph[nest.Nest.Node].Type.Sizes);
            reader.Nest.Body.Visit(part => fits &= part switch
            {
                Scalar.Load load => IsEarlier(load.Node) && (graph[load.Node].Type.Batched ? IsHere(load) : Riding.IsOfChannel(graph, load, reader.Nest)),
                Scalar.Apply or Scalar.Literal => true,
                _ => false,
            });
            return fits;

            bool IsEarlier(int id) => id == nest.Nest.Node || !place.TryGetValue(id, out var index) || (placements.IsView(id) ? placements.Sources(id).All(IsEarlier) : index < place[nest.Nest.Node]);

            // Over all samples a place says the sample too, and another pitch would not find it.
            bool IsHere(Scalar.Load load) =>
                (nest.Convolution is not { IsOverSamples: true } || placements.Pitch(load.Node) == placements.Pitch(reader.Nest.Node)) && Riding.IsHere(graph, load, reader.Nest);
        }
    }
}
