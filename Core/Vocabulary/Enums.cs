namespace NNGen;

/// <summary>Programs that a network has only on request.</summary>
[Flags]
public enum Programs
{
    /// <summary>Predict, evaluate, loss-and-gradient.</summary>
    Default = 0,

    /// <summary>The gradient of the loss with respect to the inputs too.</summary>
    InputGradient = 1,

    /// <summary>Everything in double precision too (always there when NNGen.Testing is referenced).</summary>
    Double = 2,
}

/// <summary>How convolutions may be computed. Either way results are the same bits on every processor and for every number of threads.</summary>
public enum Arithmetic
{
    /// <summary>As is fastest: 3 x 3 and 5 x 5 convolutions by Winograd's minimal filtering, where that pays. Its relative error is about 1e-6, and up to 3e-6 in weights' gradients.</summary>
    Fast = 0,

    /// <summary>Every sum of products as it is written: relative errors of about 3e-7, at the price of time.</summary>
    Direct = 1,
}

/// <summary>How a loss joins its elements to one number.</summary>
public enum Reduction
{
    /// <summary>The mean over all elements and samples.</summary>
    Mean,

    /// <summary>The sum over all elements and samples.</summary>
    Sum,
}

/// <summary>What lies beyond the edge of an image.</summary>
public enum PadMode
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The image mirrored at its edge pixels, which are not repeated: c b | a b c | b a.</summary>
    Reflect,

    /// <summary>The edge pixel, repeated: a a | a b c | c c.</summary>
    Replicate,
}
