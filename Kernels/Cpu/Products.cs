using System.Runtime.CompilerServices;

namespace NNGen.Kernels;

/// <summary>Matrix products, tile by tile (<see cref="ProductTiles"/>).</summary>
public static class Products
{
    private const int Lanes = LaneBlocks.Lanes;

    /// <summary>c = a b, or c += a b. Each element's products are added in the order of the inner index.</summary>
    /// <param name="a">[rows][inner].</param>
    /// <param name="aPitch">Floats from one row of a to the next.</param>
    /// <param name="aStep">Floats from one column of a to the next: 1, or more where a lies transposed.</param>
    /// <param name="b">[inner][16 vectors].</param>
    /// <param name="bPitch">Floats from one row of b to the next.</param>
    /// <param name="c">[rows][16 vectors].</param>
    /// <param name="cPitch">Floats from one row of c to the next.</param>
    /// <param name="rows">Rows of a and c.</param>
    /// <param name="inner">Columns of a, rows of b.</param>
    /// <param name="vectors">Columns of b and c, 16 at a time.</param>
    /// <param name="add">Whether c is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref float a, nint aPitch, nint aStep, ref float b, nint bPitch, ref float c, nint cPitch, int rows, int inner, int vectors, bool add)
    {
        Multiply(new ProductTiles.Sum(inner, aPitch, aStep, inner, 0, bPitch, 0, Lanes, cPitch, Lanes, add), ref a, ref b, ref c, rows, vectors);
    }

    // The same, where rows of b may lie in groups.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(in ProductTiles.Sum sum, ref float a, ref float b, ref float c, int rows, int vectors)
    {
        for (var v = 0; v < vectors; v += 2)
        {
            var isPair = v + 1 < vectors;
            for (int row = 0, tile; row < rows; row += tile)
            {
                // Fewer rows would wait for their own sums: they go with some above, which come out as before.
                if (!sum.IsAdded && rows >= ProductTiles.FewRows && rows - row < ProductTiles.FewRows)
                    row = rows - ProductTiles.FewRows;
                tile = isPair ? ProductTiles.Rows(rows - row) : ProductTiles.RowsOfOne(rows - row);
                ProductTiles.Tile(tile, isPair, sum, ref Unsafe.Add(ref a, row * sum.APitch), ref Unsafe.Add(ref b, v * Lanes), ref Unsafe.Add(ref c, (row * sum.CPitch) + (v * Lanes)));
            }
        }
    }
}
