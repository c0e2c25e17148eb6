using System.Collections.Immutable;

namespace NNGen.Testing;

/// <summary>Compares a network's gradient with differences of its loss, in double precision.</summary>
/// <example>
/// A property test of one's own network, with xunit:
/// <code>
/// public class LeNet5Tests
/// {
///     [Fact]
///     public void Gradient_AtRandomPoints_IsTheSlopeOfTheLoss() => GradientCheck.Of&lt;LeNet5&gt;(seed: 1);
/// }
/// </code>
/// </example>
public static class GradientCheck
{
    private const int Redraws = 8;

    /// <summary>
    /// Checks the gradient of the loss with respect to every parameter tensor, and to every input where the network delivers that, at random parameters and
    /// random data (reals normal, labels uniform). Per tensor it compares the slopes along a random direction and along some single coordinates with
    /// central differences: |g - fd| &lt;= 1e-6 max(1, |g|). Where the loss has a kink (a ReLU at 0) it draws again and reports how often.
    /// </summary>
    /// <param name="seed">Any number; parameters, data and directions follow from it.</param>
    /// <param name="samples">Samples in the batch, at least 1; fewer take less time.</param>
    /// <param name="coordinates">Single coordinates checked per tensor, besides one random direction.</param>
    /// <typeparam name="T">The [Network] class; with a loss.</typeparam>
    /// <returns>The worst error per tensor.</returns>
    /// <exception cref="GradientCheckException">A gradient is wrong; the message is a table of all tensors.</exception>
    public static GradientReport Of<T>(ulong seed, int samples = 4, int coordinates = 4) where T : class, IDoubleNetwork<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return Check<T>(seed, coordinates, draw => RandomPoint.Of<T>(seed, draw, samples));
    }

    /// <summary>
    /// Checks the gradient on data of one's own, where normal numbers are no sensible inputs or targets; see <see cref="Of{T}(ulong, int, int)"/>. When the
    /// loss has a kink there, only the parameters are drawn again.
    /// </summary>
    /// <param name="seed">Any number; parameters and directions follow from it.</param>
    /// <param name="data">The batch: a few samples, columns as the network wants them.</param>
    /// <param name="coordinates">Single coordinates checked per tensor, besides one random direction.</param>
    /// <typeparam name="T">The [Network] class; with a loss.</typeparam>
    /// <returns>The worst error per tensor.</returns>
    /// <exception cref="GradientCheckException">A gradient is wrong; the message is a table of all tensors.</exception>
    /// <exception cref="ArgumentException">The data do not fit the network.</exception>
    public static GradientReport Of<T>(ulong seed, Dataset data, int coordinates = 4) where T : class, IDoubleNetwork<T> =>
        Check<T>(seed, coordinates, draw => RandomPoint.Of<T>(seed, draw, data));

    private static GradientReport Check<T>(ulong seed, int coordinates, Func<int, RandomPoint> pointOf) where T : class, IDoubleNetwork<T>
    {
        for (var draw = 0; ; draw++)
        {
            var point = pointOf(draw);
            var tensors = new PointCheck<T>(point, CounterRandom.Of(seed, "directions").At((ulong)draw), coordinates).Tensors();
            var isAtKink = tensors.Any(tensor => tensor.Verdict == GradientVerdict.Kink);
            if (isAtKink && draw < Redraws)
                continue;
            var report = new GradientReport(T.Layout.Network, seed, draw, [.. tensors]);
            return report.Passed ? report : throw new GradientCheckException(report);
        }
    }
}
