using System.Runtime.CompilerServices;

namespace NNGen.Kernels;

// Tiles go through the transforms and products in strips.
public static partial class Winograd<TTaps>
{
    // Which of the six points a tile has along an axis: a type, so that each kind is compiled by itself.
    private interface IExtent
    {
        /// <summary>Whether it has 0, 1, -1 and infinity alone, as F(2, 3) has: enough for the last one or two outputs of a map. They need no other kernels, only a scale of their window.</summary>
        static abstract bool IsNarrow { get; }
    }

    private readonly struct Whole : IExtent
    {
        public static bool IsNarrow => false;
    }

    private readonly struct Narrow : IExtent
    {
        public static bool IsNarrow => true;
    }

    /// <summary>Tiles of one row that share a window.</summary>
    private static int Run => ((WindowRow / Lanes) - TTaps.Count + 1) / Side;

    private static int Tiles(int size) => (size + Side - 1) / Side;

    // Outputs of the last tile of so many.
    private static int LastOf(int size) => size - ((Tiles(size) - 1) * Side);

    private static bool IsNarrow(int outputs) => TTaps.Count == 3 && outputs <= 2;

    // Whether a tile has two outputs along an axis.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsShort<TExtent>()
        where TExtent : struct, IExtent => Side == 2 || TExtent.IsNarrow;

    /// <summary>Tiles that follow each other in one row of one sample's tiles.</summary>
    /// <param name="Sample">The sample.</param>
    /// <param name="Row">The first tile's first row of outputs.</param>
    /// <param name="Column">Its first column.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="IsLow">Whether they are narrow in rows, at the lower border.</param>
    /// <param name="EndsThin">Whether the last one is narrow in columns, at the right border.</param>
    /// <param name="First">The first tile's place among its strip's.</param>
    /// <param name="Last">The last tile's place: behind the others, or where the thin ones are.</param>
    private readonly record struct TileRun(int Sample, int Row, int Column, int Count, bool IsLow, bool EndsThin, int First, int Last)
    {
        /// <summary>How many tiles are not thin.</summary>
        public int Broad => EndsThin ? Count - 1 : Count;

        /// <summary>Rows of outputs that are computed.</summary>
        public int Rows => IsLow ? 2 : Side;

        /// <summary>Columns of outputs that are computed.</summary>
        public int Columns => ((Count - 1) * Side) + (EndsThin ? 2 : Side);

        public int Place(int tile) => tile == Count - 1 ? Last : First + tile;
    }

    /// <summary>
    /// Tiles that go through together, and their places among each other: low ones, whole ones, thin ones, and last the corners, which are low and thin. So those that have a point lie side by side.
    /// </summary>
    /// <param name="First">The first tile, of those of all samples row by row.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Rows">Rows of outputs.</param>
    /// <param name="Columns">Columns of outputs.</param>
    private readonly record struct Strip(int First, int Count, int Rows, int Columns)
    {
        private int Low { get; init; }

        private int Whole { get; init; }

        private int Thin { get; init; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static Strip Of(int first, int count, in Maps outputs)
        {
            var strip = new Strip(first, count, outputs.Height, outputs.Width) { Whole = count };
            if (!IsNarrow(LastOf(outputs.Height)) && !IsNarrow(LastOf(outputs.Width)))
                return strip;
            var (low, whole, thin) = (0, 0, 0);
            foreach (var run in strip)
                if (run.IsLow)
                    low += run.Broad;
                else
                    (whole, thin) = (whole + run.Broad, thin + run.Count - run.Broad);
            return strip with { Low = low, Whole = whole, Thin = thin };
        }

        /// <summary>The places of the tiles that have a point.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (int First, int Count) Having(int point)
        {
            if (Whole == Count)
                return (0, Count);
            var (row, column) = Math.DivRem(point, Reach);
            var first = IsCommon(row) ? 0 : Low;
            return (first, (!IsCommon(column) ? Low + Whole : IsCommon(row) ? Count : Low + Whole + Thin) - first);
        }

        public Runs GetEnumerator() => new(this, Low, Low + Whole, Low + Whole + Thin);

        // Narrow tiles have neither 2 nor -2.
        private static bool IsCommon(int point) => point is not (3 or 4);
    }

    // A strip's runs, one behind the other: dividing for each would take as long as a transform.
    private struct Runs
    {
        private readonly int rows, columns;
        private int sample, row, column, left, low, whole, thin, corner;

        // The places of a kind's first tile; low ones have the first.
        public Runs(in Strip strip, int whole, int thin, int corner)
        {
            (rows, columns, left) = (strip.Rows, strip.Columns, strip.Count);
            (sample, var place) = Math.DivRem(strip.First, Tiles(rows) * Tiles(columns));
            (row, column) = Math.DivRem(place, Tiles(columns));
            (this.whole, this.thin, this.corner) = (whole, thin, corner);
        }

        public TileRun Current { get; private set; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool MoveNext()
        {
            if (left == 0)
                return false;
            var across = Tiles(columns);
            var count = Math.Min(Math.Min(left, across - column), Run);
            var (isLow, endsThin) = (IsNarrow(rows - (row * Side)), IsNarrow(columns - ((column + count - 1) * Side)));
            var broad = endsThin ? count - 1 : count;
            var first = isLow ? low : whole;
            var last = !endsThin ? first + broad - 1 : isLow ? corner++ : thin++;
            Current = new(sample, row * Side, column * Side, count, isLow, endsThin, first, last);
            if (isLow)
                low += broad;
            else
                whole += broad;
            (left, column) = (left - count, column + count);
            if (column == across)
                (column, row) = (0, row + 1);
            if (row == Tiles(rows))
                (row, sample) = (0, sample + 1);
            return true;
        }
    }
}
