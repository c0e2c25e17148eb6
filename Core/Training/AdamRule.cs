using System.Numerics;
using System.Runtime.InteropServices;

namespace NNGen;

/// <summary>One step of <see cref="Adam"/> and <see cref="AdamW"/>; the state is all first moments, then all second moments.</summary>
internal readonly struct AdamRule(double rate, double beta1, double beta2, double epsilon, double penalty, double shrink, long step)
{
    private readonly float keep = (float)(1 - shrink);
    private readonly float penalty = (float)penalty;
    private readonly (float Old, float New) first = ((float)beta1, (float)(1 - beta1));
    private readonly (float Old, float New) second = ((float)beta2, (float)(1 - beta2));
    private readonly float size = (float)(rate / (1 - Power(beta1, step)));
    private readonly float scale = (float)(1 / Math.Sqrt(1 - Power(beta2, step)));
    private readonly float epsilon = (float)epsilon;

    public void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
    {
        var moments1 = state[..parameters.Length];
        var moments2 = state[parameters.Length..];
        var whole = parameters.Length - (parameters.Length % Vector<float>.Count);
        Whole(parameters[..whole], gradient[..whole], moments1[..whole], moments2[..whole]);

        // The rest goes through the same code, padded to a vector.
        var rest = parameters.Length - whole;
        Span<float> p = stackalloc float[Vector<float>.Count], g = stackalloc float[Vector<float>.Count];
        Span<float> m = stackalloc float[Vector<float>.Count], v = stackalloc float[Vector<float>.Count];
        parameters[whole..].CopyTo(p);
        gradient[whole..].CopyTo(g);
        moments1[whole..].CopyTo(m);
        moments2[whole..].CopyTo(v);
        Whole(p, g, m, v);
        p[..rest].CopyTo(parameters[whole..]);
        m[..rest].CopyTo(moments1[whole..]);
        v[..rest].CopyTo(moments2[whole..]);
    }

    private void Whole(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> moments1, Span<float> moments2)
    {
        ref var parameter = ref MemoryMarshal.GetReference(parameters);
        ref var slope = ref MemoryMarshal.GetReference(gradient);
        ref var moment1 = ref MemoryMarshal.GetReference(moments1);
        ref var moment2 = ref MemoryMarshal.GetReference(moments2);
        var (old1, new1, old2, new2) = (new Vector<float>(first.Old), new Vector<float>(first.New), new Vector<float>(second.Old), new Vector<float>(second.New));
        var (kept, penalties, sizes) = (new Vector<float>(keep), new Vector<float>(penalty), new Vector<float>(size));
        var (scales, epsilons) = (new Vector<float>(scale), new Vector<float>(epsilon));
        var isPenalised = penalty != 0;
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector<float>.Count)
        {
            var p = Vector.LoadUnsafe(ref parameter, i);
            var g = Vector.LoadUnsafe(ref slope, i);
            if (isPenalised)
                g += penalties * p;
            var m = (old1 * Vector.LoadUnsafe(ref moment1, i)) + (new1 * g);
            var v = (old2 * Vector.LoadUnsafe(ref moment2, i)) + (new2 * (g * g));
            m.StoreUnsafe(ref moment1, i);
            v.StoreUnsafe(ref moment2, i);
            ((kept * p) - (sizes * m / ((scales * Vector.SquareRoot(v)) + epsilons))).StoreUnsafe(ref parameter, i);
        }
    }

    // By squaring, so that the bits do not depend on the platform's Math.Pow.
    private static double Power(double x, long exponent)
    {
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1, x *= x)
            if ((exponent & 1) != 0)
                result *= x;
        return result;
    }
}
