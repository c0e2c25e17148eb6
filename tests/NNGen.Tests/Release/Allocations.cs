using NNGen.Kernels;

namespace NNGen.Tests.Release;

/// <summary>Counts what the calls of a warm network allocate, thread by thread.</summary>
internal static class Allocations<TNet, TBatch, TMetrics>
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    const int Calls = 10, Rounds = 5;

    /// <summary>For each way to call the network a line: its name, and the bytes of a call beyond the record of metrics that it returns, in the round that took the fewest.</summary>
    /// <param name="network">The network.</param>
    /// <param name="columns">A batch.</param>
    /// <param name="outputs">The numbers that it predicts for a sample.</param>
    /// <param name="predict">Its Predict on arrays.</param>
    public static void Print(TNet network, ColumnBatch columns, int outputs, Action<TNet, float[], float[]> predict)
    {
        var (batch, x, y) = (TNet.Bind(columns), columns.Real(0, TNet.Columns[0]).ToArray(), new float[outputs * columns.Count]);
        float[] gradient = new float[TNet.Layout.ParameterCount], buffers = new float[TNet.Layout.BufferCount];
        var numbers = new float[TMetrics.Names.Length];
        using var team = new WorkerTeam(3);

        var record = Least(() => TMetrics.Of(numbers), null);
        Say("Predict", Least(() => predict(network, x, y), null));
        Say("Evaluate", Least(() => network.Evaluate(batch), null) - record);
        Say("Gradient", Least(() => network.Gradient(batch, gradient, buffers), null) - record);
        Say("Evaluate of a team", Least(() => network.Evaluate(batch, team), team) - record);
        Say("Gradient of a team", Least(() => network.Gradient(batch, gradient, buffers, team), team) - record);

        static void Say(string what, long bytes) => Console.WriteLine($"{TNet.Layout.Network}: {what}: {bytes}");
    }

    // A thread's first wait, or its first part, may be late: the round counts in which none had anything to prepare.
    static long Least(Action call, WorkerTeam? team)
    {
        using var alone = new WorkerTeam(1);
        var (counts, least) = (new Counts(team ?? alone), long.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var before = counts.Take();
            for (var i = 0; i < Calls; i++)
                call();
            least = Math.Min(least, counts.Take() - before);
        }
        return least / Calls;
    }

    /// <summary>Bytes that all threads of a team have allocated so far: each does one part, since none ends before all have begun.</summary>
    sealed class Counts(WorkerTeam team) : ITeamWork
    {
        readonly long[] bytes = new long[team.Threads];
        int waiting;

        public long Take()
        {
            waiting = team.Threads;
            team.Run(team.Threads, this);
            return bytes.Sum();
        }

        public void Do(int part, int worker)
        {
            bytes[worker] = GC.GetAllocatedBytesForCurrentThread();
            Interlocked.Decrement(ref waiting);
            while (Volatile.Read(ref waiting) > 0)
                Thread.Yield();
        }
    }
}
