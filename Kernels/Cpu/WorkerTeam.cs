using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace NNGen.Kernels;

/// <summary>Work in independent parts, which the threads of a <see cref="WorkerTeam"/> do in any order. Each part writes where no other reads or writes.</summary>
public interface ITeamWork
{
    /// <summary>Does one part.</summary>
    /// <param name="part">From 0 to the number of parts - 1.</param>
    /// <param name="worker">Which of the team's threads does it, from 0 to their number - 1: for memory that each has for itself.</param>
    void Do(int part, int worker);
}

/// <summary>
/// A few threads, the caller among them, that do short work together many times. Parts are handed out one by one, in ascending order, to whoever is free; so results
/// that depend on the part alone are the same for any number of threads. The caller never waits for a thread that has not begun a part: where the other cores are busy
/// it does all parts itself. Once made, the team allocates nothing.
/// </summary>
/// <remarks>
/// Its threads live until <see cref="Dispose"/>; they are background threads, so they do not keep the process alive. Between runs they wait a few microseconds awake,
/// then sleep.
/// </remarks>
public sealed class WorkerTeam : IDisposable
{
    private const int Idle = 0, Running = 1, Disposed = 2;

    // Rounds of about 30 ns each. A worker awaits the next run of the same step; the caller awaits the end of parts that others have begun.
    private const int RoundsForWork = 400, RoundsForEnd = 1000, RoundsBeforeYield = 16;

    private readonly Thread[] workers;
    private readonly Lock faults = new();

    // Not monitors: who is woken through one stumbles over the lock that the waker still holds, and half of the time is gone.
    private readonly Semaphore bell = new(0, int.MaxValue);
    private readonly AutoResetEvent finish = new(false);
    private readonly int roundsForWork, roundsForEnd;

    private Counters counters;
    private ITeamWork? work;
    private int parts, state, faultyPart;
    private ExceptionDispatchInfo? fault;

    // Each on cache lines of its own: all threads write the first two, and the others are read while they wait.
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    private struct Counters
    {
        /// <summary>Parts that nobody has taken; 0 or less when there is nothing to do.</summary>
        [FieldOffset(128)] public int Untaken;

        /// <summary>Parts that are not finished.</summary>
        [FieldOffset(256)] public int Unfinished;

        /// <summary>
        /// Workers that sleep, or are about to and will look at <see cref="Untaken"/> once more. Whoever lowers it owes as many of them a call; a worker that thinks
        /// better of it lowers it itself.
        /// </summary>
        [FieldOffset(384)] public int Sleepers;

        /// <summary>1 while the caller sleeps, or is about to and will look at <see cref="Unfinished"/> once more. Whoever sets it to 0 owes a call.</summary>
        [FieldOffset(512)] public int CallerSleeps;
    }

    /// <summary>Starts a team.</summary>
    /// <param name="threads">How many threads work, the caller of <see cref="Run"/> included; 1 starts none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public WorkerTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        // On a single core whoever spins keeps the one that it waits for from working.
        (roundsForWork, roundsForEnd) = Environment.ProcessorCount > 1 ? (RoundsForWork, RoundsForEnd) : (0, 0);
        workers = new Thread[threads - 1];
        for (var i = 0; i < workers.Length; i++)
        {
            var worker = i + 1;
            workers[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"NNGen worker {worker}" };
        }
        foreach (var worker in workers)
            worker.Start();
    }

    /// <summary>The number of threads that work, the caller of <see cref="Run"/> included.</summary>
    public int Threads => workers.Length + 1;

    /// <summary>Does all parts of some work, and returns when the last is done.</summary>
    /// <param name="parts">How many parts there are; 0 is no work.</param>
    /// <param name="work">Does a part.</param>
    /// <remarks>When parts throw, those above the lowest of them may have been done or not; after all threads have stopped, the exception of the lowest is rethrown.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parts"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The team is running already: a part called it, or another thread.</exception>
    /// <exception cref="ObjectDisposedException">The team is disposed.</exception>
    public void Run(int parts, ITeamWork work)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parts);
        ArgumentNullException.ThrowIfNull(work);
        switch (Interlocked.CompareExchange(ref state, Running, Idle))
        {
            case Running:
                throw Busy();
            case Disposed:
                throw new ObjectDisposedException(nameof(WorkerTeam));
        }
        try
        {
            if (workers.Length == 0 || parts <= 1)
                for (var part = 0; part < parts; part++)
                    work.Do(part, 0);
            else
                Share(parts, work);
        }
        finally
        {
            Volatile.Write(ref state, Idle);
        }
    }

    /// <summary>Does all parts of some work with a team, or on the caller's thread alone where there is none.</summary>
    /// <inheritdoc cref="Run(int, ITeamWork)"/>
    public static void Do(WorkerTeam? team, int parts, ITeamWork work)
    {
        if (team is not null)
            team.Run(parts, work);
        else
            for (var part = 0; part < parts; part++)
                work.Do(part, 0);
    }

    /// <summary>Ends the team's threads, and waits until they have ended. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">The team is running.</exception>
    public void Dispose()
    {
        switch (Interlocked.CompareExchange(ref state, Disposed, Idle))
        {
            case Running:
                throw Busy();
            case Disposed:
                return;
        }
        if (workers.Length > 0)
            bell.Release(workers.Length);
        foreach (var worker in workers)
            worker.Join();
        bell.Dispose();
        finish.Dispose();
    }

    private static InvalidOperationException Busy() =>
        new("The worker team is running. A part cannot start a run of its own team nor dispose it, and one team serves one caller at a time: give each its own.");

    private void Share(int parts, ITeamWork work)
    {
        this.parts = parts;
        this.work = work;
        faultyPart = int.MaxValue;
        Volatile.Write(ref counters.Unfinished, parts);
        // From here on the parts can be had. A full fence: either a worker that falls asleep sees them, or its number is seen below.
        Interlocked.Exchange(ref counters.Untaken, parts);
        Wake(parts - 1);
        DoParts(0);
        AwaitEnd();
        var thrown = fault;
        (this.work, fault) = (null, null);
        thrown?.Throw();
    }

    /// <summary>
    /// Takes parts until there are none. A thread that comes late, even in the midst of the next run's start, takes nothing or a part of that next run: taking a part
    /// holds its run open, so <see cref="work"/> and <see cref="parts"/> are read after it.
    /// </summary>
    private void DoParts(int worker)
    {
        while (Volatile.Read(ref counters.Untaken) > 0)
        {
            var left = Interlocked.Decrement(ref counters.Untaken);
            if (left < 0)
                return;
            var part = parts - 1 - left;
            try
            {
                work!.Do(part, worker);
            }
            catch (Exception exception)
            {
                Report(part, exception);
            }
            if (Interlocked.Decrement(ref counters.Unfinished) == 0 && Volatile.Read(ref counters.CallerSleeps) != 0 && Interlocked.Exchange(ref counters.CallerSleeps, 0) != 0)
                finish.Set();
        }
    }

    // Parts are taken in ascending order, so all that are below a faulty one are begun, and the lowest fault does not depend on who does what.
    private void Report(int part, Exception exception)
    {
        lock (faults)
            if (part < faultyPart)
                (faultyPart, fault) = (part, ExceptionDispatchInfo.Capture(exception));
        var untaken = Interlocked.Exchange(ref counters.Untaken, 0);
        if (untaken > 0)
            Interlocked.Add(ref counters.Unfinished, -untaken);
    }

    private void AwaitEnd()
    {
        for (var round = 0; round < roundsForEnd; round++)
        {
            if (Volatile.Read(ref counters.Unfinished) == 0)
                return;
            Thread.SpinWait(1);
        }
        // More than once if a worker that ended the run before this one calls late.
        while (Volatile.Read(ref counters.Unfinished) != 0)
        {
            Interlocked.Exchange(ref counters.CallerSleeps, 1);
            if (Volatile.Read(ref counters.Unfinished) == 0 && Interlocked.Exchange(ref counters.CallerSleeps, 0) != 0)
                return;
            finish.WaitOne();
        }
    }

    /// <summary>Calls as many sleepers as there are, up to a number.</summary>
    private void Wake(int most)
    {
        while (Volatile.Read(ref counters.Sleepers) is > 0 and var sleepers)
        {
            var called = Math.Min(most, sleepers);
            if (Interlocked.CompareExchange(ref counters.Sleepers, sleepers - called, sleepers) != sleepers)
                continue;
            bell.Release(called);
            return;
        }
    }

    private void Serve(int worker)
    {
        while (AwaitWork())
            DoParts(worker);
    }

    /// <summary>True when there may be parts to take, false when the team is disposed.</summary>
    private bool AwaitWork()
    {
        for (var round = 0; round < roundsForWork; round++)
        {
            if (Volatile.Read(ref counters.Untaken) > 0)
                return true;
            // All is done and the caller still does not return: it was taken off its core, perhaps this very one, when it woke this worker.
            if (round % RoundsBeforeYield == RoundsBeforeYield - 1 && Volatile.Read(ref counters.Unfinished) == 0 && Volatile.Read(ref state) == Running)
                Thread.Yield();
            else
                Thread.SpinWait(1);
        }
        Interlocked.Increment(ref counters.Sleepers);
        if ((Volatile.Read(ref counters.Untaken) <= 0 && Volatile.Read(ref state) != Disposed) || !Withdraw())
            bell.WaitOne();
        // Once called it stays awake for a while, even if it finds no part left: the next run of the step is near.
        return Volatile.Read(ref state) != Disposed;
    }

    /// <summary>One sleeper fewer; false if all are called already, so that the call has to be taken.</summary>
    private bool Withdraw()
    {
        while (Volatile.Read(ref counters.Sleepers) is > 0 and var sleepers)
            if (Interlocked.CompareExchange(ref counters.Sleepers, sleepers - 1, sleepers) == sleepers)
                return true;
        return false;
    }
}
