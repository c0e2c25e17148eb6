namespace NNGen.Kernels;

/// <summary>Memory that one run of a program needs, for up to a number of samples.</summary>
public interface IWorkspace
{
    /// <summary>The largest number of samples it has room for.</summary>
    int Capacity { get; }

    /// <summary>The largest number of threads that can share a run.</summary>
    int Threads { get; }
}

/// <summary>
/// The workspaces that a network's programs have used and will use again: a free list that several threads may take from at once. A run takes one, or makes one
/// when none is free or large enough, and gives it back; so nothing is allocated once as many threads as ever run have run.
/// </summary>
/// <typeparam name="T">The workspace of a program.</typeparam>
/// <param name="make">Makes one for a number of samples and of threads.</param>
public sealed class Workspaces<T>(Func<int, int, T> make) where T : class, IWorkspace
{
    // Slots, not a linked list: exchanging a reference in place needs no node and knows no ABA problem.
    private readonly T?[] free = new T?[Math.Max(8, 2 * Environment.ProcessorCount)];

    /// <summary>A workspace with room for <paramref name="samples"/> samples and so many threads, the caller's alone until it is given back.</summary>
    public T Take(int samples, int threads = 1)
    {
        for (var slot = 0; slot < free.Length; slot++)
            if (Volatile.Read(ref free[slot]) is not null && Interlocked.Exchange(ref free[slot], null) is { } workspace)
            {
                if (workspace.Capacity >= samples && workspace.Threads >= threads)
                    return workspace;
                break; // too small: dropped for a larger one
            }
        return make(samples, threads);
    }

    /// <summary>Gives a workspace back.</summary>
    public void Return(T workspace)
    {
        for (var slot = 0; slot < free.Length; slot++)
            if (Volatile.Read(ref free[slot]) is null && Interlocked.CompareExchange(ref free[slot], workspace, null) is null)
                return;
    }
}
