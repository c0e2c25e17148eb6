namespace NNGen;

/// <summary>
/// A network's programs in double precision, unfused: what its gradient is checked with. Generated where NNGen.Testing is referenced or
/// <see cref="Programs.Double"/> is asked for. All numbers are passed in; arrays of columns hold one flat array per column, [count, ...shape].
/// </summary>
/// <typeparam name="TSelf">The [Network] class itself.</typeparam>
public interface IDoubleNetwork<TSelf> : INetwork<TSelf>, IDataContract where TSelf : class, IDoubleNetwork<TSelf>
{
    /// <summary>The loss in training mode and its gradient.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="parameters">All parameters, flat.</param>
    /// <param name="buffers">All buffers, flat.</param>
    /// <param name="reals">The columns of reals, in order.</param>
    /// <param name="labels">The columns of labels, in order.</param>
    /// <param name="gradient">Receives d loss / d parameters, flat.</param>
    /// <param name="inputGradients">Receives d loss / d input, one array per input of <c>Forward</c>; an empty array is left alone.</param>
    /// <param name="updatedBuffers">Receives the buffers after this batch, flat.</param>
    /// <returns>The loss.</returns>
    static abstract double LossAndGradient(
        int count,
        ReadOnlySpan<double> parameters,
        ReadOnlySpan<double> buffers,
        double[][] reals,
        int[][] labels,
        Span<double> gradient,
        double[][] inputGradients,
        Span<double> updatedBuffers);

    /// <summary>The loss in training mode.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="parameters">All parameters, flat.</param>
    /// <param name="buffers">All buffers, flat.</param>
    /// <param name="reals">The columns of reals, in order.</param>
    /// <param name="labels">The columns of labels, in order.</param>
    static abstract double Loss(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] reals, int[][] labels);

    /// <summary>The outputs in inference mode.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="parameters">All parameters, flat.</param>
    /// <param name="buffers">All buffers, flat.</param>
    /// <param name="inputs">The inputs of <c>Forward</c>, in order.</param>
    /// <param name="outputs">Receives its outputs, in order.</param>
    static abstract void Predict(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] inputs, double[][] outputs);
}
