using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NNGen.Kernels;

namespace NNGen.Benchmarks.Peak;

/// <summary>Rows of dense layers with many weights, over all samples, called as generated code calls them: in slices.</summary>
internal static class DenseKernel
{
    private const int Slices = 8, Lanes = 16;

    /// <summary>A part of a dense layer: the output with bias and relu, the input's gradient, the weights' gradient.</summary>
    public static PeakKernel Of(Part part, int inputs, int outputs, int samples)
    {
        var sizes = new Convolution(inputs, outputs);
        var operands = new Operands(sizes, part, part == Part.Weight ? Layout.Rows : Layout.Batch, Layout.Rows, samples, Layout.Batch);
        var (x, y, blocks) = (inputs * Lanes, outputs * Lanes, samples / Lanes);
        var scratch = Floats.New(Math.Max(DenseLayers.TransposedScratch(outputs), DenseLayers.GradientScratch(inputs, Slices)));
        Action<int> slice = part switch
        {
            Part.Forward => s => DenseLayers.Multiply(ref operands.Weights[0], ref operands.X[0], x, ref operands.Result[0], y, blocks, inputs, outputs, s, Slices, new BiasAndRelu(ref operands.Bias[0])),
            Part.Input => s => DenseLayers.MultiplyTransposed(ref operands.Weights[0], ref operands.Cotangent[0], y, ref operands.Result[0], x, ref scratch[0], blocks, outputs, inputs, s, Slices, new PlainSum()),
            _ => s => DenseLayers.Gradient(ref operands.X[0], ref operands.Cotangent[0], y, ref operands.Result[0], ref scratch[0], samples, inputs, outputs, s, Slices),
        };
        return new($"dense {part.ToString().ToLowerInvariant()}, batch in lanes, {sizes}, b{samples}{(part == Part.Forward ? " with bias and relu" : "")}", sizes.Flops(samples),
            () =>
            {
                for (var s = 0; s < Slices; s++)
                    slice(s);
            },
            () => operands.Check((sum, _, channel) => part == Part.Forward ? Math.Max(0, sum + operands.Bias[channel]) : sum));
    }

    private readonly ref struct BiasAndRelu(ref float bias) : IEpilogue
    {
        private readonly ref float bias = ref bias;

        public Vector512<float> Apply(Vector512<float> sum, nint at, nint channel) => Vector512.Max(sum + Vector512.Create(Unsafe.Add(ref bias, channel)), Vector512<float>.Zero);

        public Vector256<float> Apply(Vector256<float> sum, nint at, nint channel) => Vector256.Max(sum + Vector256.Create(Unsafe.Add(ref bias, channel)), Vector256<float>.Zero);

        public bool ReadsFar => false;

        public void Fetch(nint at, nint channel)
        {
        }
    }
}
