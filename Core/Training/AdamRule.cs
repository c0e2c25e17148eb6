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
        var p = MemoryMarshal.Cast<float, Vector<float>>(parameters);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var m = MemoryMarshal.Cast<float, Vector<float>>(moments1);
        var v = MemoryMarshal.Cast<float, Vector<float>>(moments2);
        var epsilons = new Vector<float>(epsilon);
        for (var i = 0; i < p.Length; i++)
        {
            var direction = penalty == 0 ? g[i] : g[i] + (penalty * p[i]);
            m[i] = (first.Old * m[i]) + (first.New * direction);
            v[i] = (second.Old * v[i]) + (second.New * (direction * direction));
            p[i] = (keep * p[i]) - (size * m[i] / ((scale * Vector.SquareRoot(v[i])) + epsilons));
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
