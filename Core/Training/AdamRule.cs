using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

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

    public void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> moments1, Span<float> moments2)
    {
        if (Avx512F.IsSupported)
            Apply<SixteenFloats>(parameters, gradient, moments1, moments2);
        else
            Apply<NativeFloats>(parameters, gradient, moments1, moments2);
    }

    private void Apply<TVector>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> moments1, Span<float> moments2)
        where TVector : struct, IFloatVector<TVector>
    {
        var whole = parameters.Length - (parameters.Length % TVector.Count);
        Whole<TVector>(parameters[..whole], gradient[..whole], moments1[..whole], moments2[..whole]);

        // The rest goes through the same code, padded to a vector.
        var rest = parameters.Length - whole;
        Span<float> p = stackalloc float[TVector.Count], g = stackalloc float[TVector.Count];
        Span<float> m = stackalloc float[TVector.Count], v = stackalloc float[TVector.Count];
        parameters[whole..].CopyTo(p);
        gradient[whole..].CopyTo(g);
        moments1[whole..].CopyTo(m);
        moments2[whole..].CopyTo(v);
        Whole<TVector>(p, g, m, v);
        p[..rest].CopyTo(parameters[whole..]);
        m[..rest].CopyTo(moments1[whole..]);
        v[..rest].CopyTo(moments2[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Whole<TVector>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> moments1, Span<float> moments2)
        where TVector : struct, IFloatVector<TVector>
    {
        ref var parameter = ref MemoryMarshal.GetReference(parameters);
        ref var slope = ref MemoryMarshal.GetReference(gradient);
        ref var moment1 = ref MemoryMarshal.GetReference(moments1);
        ref var moment2 = ref MemoryMarshal.GetReference(moments2);
        var (old1, new1, old2, new2) = (TVector.Of(first.Old), TVector.Of(first.New), TVector.Of(second.Old), TVector.Of(second.New));
        var (kept, penalties, sizes) = (TVector.Of(keep), TVector.Of(penalty), TVector.Of(size));
        var (scales, epsilons) = (TVector.Of(scale), TVector.Of(epsilon));
        var isPenalised = penalty != 0;
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)TVector.Count)
        {
            var p = TVector.Load(ref parameter, i);
            var g = TVector.Load(ref slope, i);
            if (isPenalised)
                g += penalties * p;
            var m = (old1 * TVector.Load(ref moment1, i)) + (new1 * g);
            var v = (old2 * TVector.Load(ref moment2, i)) + (new2 * (g * g));
            m.Store(ref moment1, i);
            v.Store(ref moment2, i);
            ((kept * p) - (sizes * m / ((scales * TVector.SquareRoot(v)) + epsilons))).Store(ref parameter, i);
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
