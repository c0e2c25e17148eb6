namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// What the parts of a program take, in slots: the clocks in which a core can begin a multiply-add of 16 floats. All choices of the schedule are made by these numbers. They were read on one core of an
/// AMD EPYC (Zen 4: one 512-bit multiply-add in each clock), each part by itself, with data in the second cache. A Zen 5 has two in each clock but no faster caches, so that whatever moves numbers takes more slots there: what is
/// done along rows alone, sums and windows are between the two. `benchmarks -- peak` reads the whole forms again on any machine.
/// </summary>
internal static class Slots
{
    /// <summary>A multiply-add in the tiles of a matrix product, its loads and loops included: 96 % of the peak.</summary>
    public const double Product = 1.04;

    /// <summary>The same in the tiles of a direct convolution, its borders included.</summary>
    public const double Direct = 1.08;

    /// <summary>Minimal filtering: a window of 6 x 6 vectors becomes 36 points, after it was copied beside its neighbours and its border of zeros.</summary>
    public const int Window = 255;

    /// <summary>The lanes of a sum of products are added, at the end of a strip of tiles.</summary>
    public const double Lanes = 1.9;

    /// <summary>36 points of 16 samples are turned to lie sample by sample, for a sum over samples.</summary>
    public const int Turn = 220;

    /// <summary>36 sums become the outputs of a tile of so many by so many, with what is computed on them.</summary>
    public static int Output(int side) => side == 4 ? 120 : 100;

    /// <summary>As many cotangents become 36 points.</summary>
    public static int Cotangent(int side) => side == 4 ? 155 : 100;

    /// <summary>A sum of products is begun, and stored for the next transform to read: with few channels a sum is short.</summary>
    public const int Sum = 4;

    /// <summary>Along rows alone, six vectors become six points.</summary>
    public const int Line = 20;

    /// <summary>Six sums become as many outputs, with what is computed on them.</summary>
    public static int OutputLine(int side) => side == 4 ? 22 : 16;

    /// <summary>As many cotangents become six points.</summary>
    public static int CotangentLine(int side) => side == 4 ? 22 : 15;

    /// <summary>The part of another form's time below which a form with more rounding and more memory is chosen.</summary>
    public const double Worthwhile = 0.9;

    /// <summary>The part of all multiplications that must be in convolutions whose channels fill vectors if channels are to lie in the lanes: what else there is then goes number by number.</summary>
    public const double InChannels = 0.9;

    /// <summary>A vector of weights is fetched from the second cache or the third for one sample alone.</summary>
    public const double Fetch = 3.5;

    /// <summary>A product that is added number by number: each addition waits for the one before.</summary>
    public const double Single = 4;

    /// <summary>The lanes of a vector are added, and the sum is stored by itself.</summary>
    public const int SumOfLanes = 12;

    /// <summary>A number of a map whose channels are in lanes is brought into rows, 16 x 16 of them at a time.</summary>
    public const double Turned = 0.5;

    /// <summary>A number is copied by itself, with a test of where it lies.</summary>
    public const double Copy = 4;

    /// <summary>Slots of a block's train step from which on another program for few samples is worth its code: images are large, and batches small.</summary>
    public const double LongStep = 4e6;

    /// <summary>The most samples that are ever done one by one.</summary>
    public const int MostOneByOne = 12;

    /// <summary>The fewest samples whose being done one by one is worth a program of its own.</summary>
    public const int FewestOneByOne = 2;

    /// <summary>Floats that the transforms of a strip of tiles may fill: what the second cache (1 MiB) holds beside everything else.</summary>
    public const int StripFloats = 160 * 1024;

    /// <summary>Tiles of a strip, with channels in lanes, that are enough for kernels that must be fetched for each strip.</summary>
    public const int MostTiles = 36;

    /// <summary>Transformed numbers of a stage's kernels or gradients from which on threads share them: what one makes is far from the others, which read it.</summary>
    public const int WorthSharing = 32 * 1024;

    /// <summary>Floats that stay near the core from sample to sample.</summary>
    public const int NearFloats = 64 * 1024;

    /// <summary>Tiles of a sample below which kernels that do not stay near are not fetched for it alone.</summary>
    public const int FewTiles = 32;

    /// <summary>Operations on a number that cost less than writing it and reading it again: they are done wherever it is read.</summary>
    public const int Riding = 8;

    /// <summary>Sums of which each sample has a share in any case: channels, not weights.</summary>
    public const int FewSums = 1024;
}
