using NNGen.Kernels;

namespace NNGen;

/// <summary>An optimiser's steps on one set of parameters, each shared by the threads of a team. The bits do not depend on their number. One caller at a time.</summary>
public sealed class ParameterUpdate : ITeamWork
{
    // Few parameters are updated before another thread is there. Whole lines of the cache, so that no two threads write the same.
    private const int Fewest = 8192, MostParts = 8, Line = 16;

    private readonly Optimizer optimizer;
    private readonly Memory<float> parameters, state;
    private readonly ReadOnlyMemory<float> gradient;
    private readonly int parts;
    private long step;

    /// <summary>Steps on these parameters.</summary>
    /// <param name="optimizer">How parameters follow the gradient.</param>
    /// <param name="parameters">All parameters, flat.</param>
    /// <param name="gradient">Where d loss / d parameters will be before each step, of the same length.</param>
    /// <param name="state"><see cref="Optimizer.StateCount"/> floats, 0 before the first step.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public ParameterUpdate(Optimizer optimizer, Memory<float> parameters, ReadOnlyMemory<float> gradient, Memory<float> state)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.Check(parameters.Length, gradient.Length, state.Length);
        (this.optimizer, this.parameters, this.gradient, this.state) = (optimizer, parameters, gradient, state);
        parts = Math.Clamp(parameters.Length / Fewest, 1, MostParts);
    }

    /// <summary>One step: changes the parameters and the state in place.</summary>
    /// <param name="step">The number of this step, from 1.</param>
    /// <param name="team">The threads; null for the caller's alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is less than 1.</exception>
    public void Run(long step, WorkerTeam? team)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        this.step = step;
        WorkerTeam.Do(team, parts, this);
    }

    void ITeamWork.Do(int part, int worker) => optimizer.UpdatePart(parameters.Span, gradient.Span, state.Span, step, First(part), First(part + 1));

    private int First(int part) => part == parts ? parameters.Length : (int)((long)part * (parameters.Length / Line) / parts) * Line;
}
