namespace NNGen.Benchmarks.Versus;

/// <summary>What both sides have in common.</summary>
internal static class Setup
{
    /// <summary>Decides the data and the first weights.</summary>
    public const int Seed = 7;

    /// <summary>
    /// The optimiser. Its first steps move every weight by the learning rate whichever way rounding turned a gradient near zero: a small rate keeps the losses of two
    /// right implementations together.
    /// </summary>
    public static readonly Adam Optimizer = Adam.Default with { LearningRate = 3e-4 };
}
