using NNGen.Kernels;

namespace NNGen.Tests.Kernels;

/// <summary>Threads that share parts: each part once, in full, by whoever is free; and clear errors.</summary>
public class WorkerTeamTests
{
    sealed class Work(Action<int> action) : ITeamWork
    {
        public void Do(int part, int worker) => action(part);
    }

    [Theory, InlineData(1, 7), InlineData(2, 1), InlineData(2, 100), InlineData(3, 2), InlineData(8, 1000), InlineData(8, 3), InlineData(2, 0)]
    public void Run_OfParts_DoesEachOnce(int threads, int parts)
    {
        using var team = new WorkerTeam(threads);
        var done = new int[parts];

        for (var run = 1; run <= 20; run++)
        {
            team.Run(parts, new Work(part => Interlocked.Increment(ref done[part])));
            Assert.All(done, times => Assert.Equal(run, times));
        }
        Assert.Equal(threads, team.Threads);
    }

    [Theory, InlineData(2, 200_000), InlineData(8, 20_000)]
    public void Run_ManyTimesWithTinyParts_LosesNone(int threads, int runs)
    {
        using var team = new WorkerTeam(threads);
        var sums = new long[5 * 16];
        var work = new Work(part => sums[16 * part] += part + 1);

        for (var run = 0; run < runs; run++)
            team.Run(1 + run % 5, work);

        for (var part = 0; part < 5; part++)
            Assert.Equal((part + 1L) * (runs / 5 * (5 - part)), sums[16 * part]);
    }

    [Theory, InlineData(2), InlineData(8)]
    public void Run_AfterPausesOfAllLengths_LosesNone(int threads)
    {
        using var team = new WorkerTeam(threads);
        var sum = 0;
        var work = new Work(part => Interlocked.Add(ref sum, part));

        // Pauses about as long as workers stay awake, where they fall asleep while the next run begins.
        for (var run = 0; run < 3000; run++)
        {
            Thread.SpinWait(run % 1000);
            team.Run(4, work);
        }

        Assert.Equal(3000 * 6, sum);
    }

    [Fact]
    public void Run_WithAnyNumberOfThreads_GivesTheSameBits()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 64 * 1000).Select(_ => random.NextSingle()).ToArray();
        float[] Sums(int threads)
        {
            using var team = new WorkerTeam(threads);
            var sums = new float[64];
            team.Run(64, new Work(part =>
            {
                foreach (var value in values.AsSpan(part * 1000, 1000))
                    sums[part] += value;
            }));
            return sums;
        }

        var alone = Sums(1);
        Assert.All([2, 3, 8], threads => Assert.Equal(alone, Sums(threads)));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(8)]
    public void Run_WithFaultyParts_ThrowsTheLowestAfterAllHaveStopped(int threads)
    {
        using var team = new WorkerTeam(threads);
        var inside = 0;
        for (var run = 0; run < 200; run++)
        {
            var fault = Assert.Throws<FormatException>(() => team.Run(40, new Work(part =>
            {
                Interlocked.Increment(ref inside);
                try
                {
                    if (part % 10 == 9)
                        throw new FormatException($"part {part}");
                }
                finally
                {
                    Interlocked.Decrement(ref inside);
                }
            })));
            Assert.Equal("part 9", fault.Message);
            Assert.Equal(0, Volatile.Read(ref inside));
        }

        var done = 0;
        team.Run(40, new Work(_ => Interlocked.Increment(ref done)));
        Assert.Equal(40, done);
    }

    [Fact]
    public void Run_FromASecondThread_IsAnErrorWhileTheFirstRuns()
    {
        using var team = new WorkerTeam(2);
        using var begun = new ManualResetEventSlim();
        using var tried = new ManualResetEventSlim();
        var first = new Thread(() => team.Run(1, new Work(_ => { begun.Set(); tried.Wait(); })));
        first.Start();
        begun.Wait();

        Assert.Throws<InvalidOperationException>(() => team.Run(1, new Work(_ => { })));

        tried.Set();
        first.Join();
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Run_FromInsideAPart_IsAnError(int threads)
    {
        using var team = new WorkerTeam(threads);
        var inner = new Work(_ => { });

        Assert.Contains("running", Assert.Throws<InvalidOperationException>(() => team.Run(4, new Work(_ => team.Run(4, inner)))).Message);
        Assert.Contains("running", Assert.Throws<InvalidOperationException>(() => team.Run(4, new Work(_ => team.Dispose()))).Message);
        team.Run(4, inner);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(8)]
    public void Dispose_OnceOrTwice_EndsTheThreads(int threads)
    {
        for (var pause = 0; pause < 20; pause++)
        {
            var team = new WorkerTeam(threads);
            team.Run(pause % 4, new Work(_ => { }));
            Thread.SpinWait(100 * pause);
            team.Dispose();
            team.Dispose();
            Assert.Throws<ObjectDisposedException>(() => team.Run(1, new Work(_ => { })));
        }
    }

    [Fact]
    public void Arguments_OutOfRange_AreErrors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeam(0));
        using var team = new WorkerTeam(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => team.Run(-1, new Work(_ => { })));
        Assert.Throws<ArgumentNullException>(() => team.Run(1, null!));
    }

    [Fact]
    public void Run_OnceWarm_AllocatesNothing()
    {
        using var team = new WorkerTeam(2);
        var work = new Work(_ => { });
        for (var run = 0; run < 100; run++)
            team.Run(4, work);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var run = 0; run < 1000; run++)
            team.Run(4, work);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
