using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Chooses the tile of a nest. In a sum of products each factor that is loaded serves as many outputs as the tile has along the axis that the factor does not depend
/// on, so a tile in both directions keeps the multipliers busy; 24 sums, with the factors beside them, fill 32 registers, and 12 fill 16.
/// </summary>
internal static class Tiling
{
    private const int WholeSums = 24, WholeRegisters = 31, HalfSums = 12, HalfRegisters = 15;

    /// <summary>Neighbours that are computed side by side where each is by itself.</summary>
    private const int Side = 4;

    /// <param name="nest">The nest.</param>
    /// <param name="lane">The axis that lanes run along, of which a place is 16; null where they run along none.</param>
    /// <param name="isHalf">Whether it is for 16 registers of half a block instead of 32 of a whole one.</param>
    public static Tile Of(Nest nest, Axis? lane = null, bool isHalf = false)
    {
        var (sums, registers) = isHalf ? (HalfSums, HalfRegisters) : (WholeSums, WholeRegisters);
        int Places(Axis axis) => axis == lane ? ChannelLanes.Vectors(axis) : axis.Size;
        if (Products(nest.Body) is not { } sum)
            return lane is null ? Independent(nest) : Reduces(nest) ? new(lane, Enumerable.Range(1, 8).Last(n => Places(lane) % n == 0), null, 1) : Neighbours(nest, lane);
        var (left, right) = Factors(sum.Body);
        var outputs = nest.Axes.Where(axis => !axis.IsBatch && Places(axis) > 1).ToArray();
        var onlyLeft = outputs.Where(axis => left.Contains(axis) && !right.Contains(axis)).ToArray();
        var onlyRight = outputs.Where(axis => right.Contains(axis) && !left.Contains(axis)).ToArray();
        // The inner axis is the last of all: neighbours in memory. The other side gives the outer one. With channels in lanes any axis will do, and the longest fills a tile best; the vectors of a row go together, so that
        // its ends need no code of their own.
        var isRow = lane is not null && nest.Axes is [{ IsBatch: true }, _, .., var last] && last == lane;
        Axis? Choice(Axis[] side) => lane is null || (isRow && side.Contains(lane)) ? side.LastOrDefault() : side.OrderBy(Places).LastOrDefault();
        var (l, r) = (Choice(onlyLeft), Choice(onlyRight));
        var (inner, outer) = Array.IndexOf(outputs, r) > Array.IndexOf(outputs, l) ? (r, l) : (l, r);
        if (inner is null && outer is null)
            return Tile.Single;
        // A dense layer has one axis to share its input over: that is the outer one.
        if (outer is null || inner is null)
            return OneSided(inner ?? outer!, onlyLeft.Concat(onlyRight));
        if (lane is null || isRow)
            return Best(Places(outer), Places(inner), sums, registers: registers) is var (outerCount, innerCount) ? new(outer, outerCount, inner, innerCount) : Tile.Single;
        // Two vectors of weights at a time: more would not stay near while the places pass by, and each place's number is spread where it is used.
        var (vectors, places) = outer == lane ? (outer, inner) : (inner, outer);
        var (count, along) = Best(Math.Min(isHalf ? 1 : 2, Places(vectors)), Places(places), sums, most: 12, registers);
        return outer == lane ? new(outer, count, inner, along) : new(outer, along, inner, count);

        // Few sums wait for each other: a second axis of the same side makes more.
        Tile OneSided(Axis axis, IEnumerable<Axis> side)
        {
            var own = Best(Places(axis), 1, Math.Min(16, sums)).Outer;
            return own < 6 && side.LastOrDefault(other => other != axis && other != lane && Places(other) <= sums / own) is { } second
                ? new(second, Places(second), axis, own) : new(axis, own, null, 1);
        }
    }

    // Neighbours in a map share what belongs to their channel: loaded once for each number, it would be most of what is loaded.
    private static Tile Neighbours(Nest nest, Axis lane)
    {
        var isPlain = true;
        nest.Body.Visit(part => isPlain &= part is Scalar.Load or Scalar.Apply or Scalar.Literal);
        return isPlain && Cost.Of(nest) <= 2 * Slots.Riding && nest.Axes.LastOrDefault(axis => !axis.IsBatch && axis != lane && axis.Size >= Side) is { } along ? new(null, 1, along, Side) : Tile.Single;
    }

    // Sums without products wait for their own last addition: several side by side do not.
    private static Tile Independent(Nest nest)
    {
        var reduces = Reduces(nest);
        var axis = nest.Axes.Where(a => !a.IsBatch && a.Size > 1).Where(a => nest.Body.FreeAxes().Contains(a)).OrderByDescending(a => a.Size).FirstOrDefault();
        return reduces && axis is not null ? new(axis, Enumerable.Range(1, 8).Last(n => axis.Size % n == 0), null, 1) : Tile.Single;
    }

    private static bool Reduces(Nest nest)
    {
        var reduces = false;
        nest.Body.Visit(part => reduces |= part is Scalar.Reduce);
        return reduces;
    }

    /// <summary>
    /// The counts with the least estimated time: a product takes a slot, a load half of one, and fewer than eight sums wait for each other. The sums, the inner factors and one outer factor
    /// stay in all registers but one.
    /// </summary>
    internal static (int Outer, int Inner) Best(int outer, int inner, int sums, int most = 8, int registers = WholeRegisters)
    {
        var (best, least) = ((1, 1), double.MaxValue);
        for (var i = 1; i <= Math.Min(outer, 16); i++)
            for (var j = 1; j <= Math.Min(inner, most) && i * j <= sums && (i * j) + j < registers; j++)
            {
                double Time(int a, int b) => a == 0 || b == 0 ? 0 : Math.Max(Math.Max(a * b, (a + b) * 0.5), 8) + 1;
                var (oi, oj, ri, rj) = (outer / i, inner / j, outer % i, inner % j);
                var time = oi * oj * Time(i, j) + oi * Time(i, rj) + oj * Time(ri, j) + Time(ri, rj) + (ri > 0 ? 0.05 * oi * oj : 0);
                if (time < least)
                    (best, least) = ((i, j), time);
            }
        return best;
    }

    /// <summary>The innermost sum of products in an expression: the one that costs.</summary>
    internal static Scalar.Reduce? Products(Scalar scalar) => scalar switch
    {
        Scalar.Reduce { Reducer: Reducer.Sum } sum => Products(sum.Body) ?? (Unguarded(sum.Body) is Scalar.Apply { Function: Function.Multiply } ? sum : null),
        Scalar.Reduce reduce => Products(reduce.Body),
        Scalar.Apply apply => apply.Arguments.Select(Products).FirstOrDefault(found => found is not null),
        Scalar.Guard guard => Products(guard.Inside),
        _ => null,
    };

    private static Scalar Unguarded(Scalar scalar) => scalar is Scalar.Guard guard ? guard.Inside : scalar;

    private static (HashSet<Axis> Left, HashSet<Axis> Right) Factors(Scalar body) =>
        Unguarded(body) is Scalar.Apply { Arguments: [var left, var right] } ? ([.. left.FreeAxes()], [.. right.FreeAxes()]) : ([], []);
}
