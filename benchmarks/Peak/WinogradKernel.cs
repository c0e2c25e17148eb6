using NNGen.Generators.Schedule.Cpu;
using NNGen.Kernels;

namespace NNGen.Benchmarks.Peak;

/// <summary>Rows of minimal filtering: a whole convolution, the transforms of the weights included, called as generated code calls it.</summary>
internal static class WinogradKernel
{
    // Into how many parts generated code cuts what runs over all samples, and lanes.
    private const int Slices = 8, Lanes = 16;

    /// <summary>A part of a convolution with 3 x 3 kernels and padding 1, without epilogue.</summary>
    public static PeakKernel Of(Part part, Layout layout, int inputs, int outputs, int size, int samples)
    {
        var (sizes, isRows) = (new Convolution(inputs, outputs, size, 3, 1), layout == Layout.Channels);
        var operands = new Operands(sizes, part, layout, Layout.Rows, samples);
        var (from, to) = part == Part.Input ? (outputs, inputs) : (inputs, outputs);
        var plan = new WinogradConvolution(0, 1, part == Part.Weight, part == Part.Input, from, to, size, size, size, size, 1, 1, 3, isRows);
        if (!plan.Pays || (!isRows && plan.Best.IsAlongRows))
            throw new InvalidOperationException($"minimal filtering does not pay for {sizes}: generated code has another form");
        var run = (part, isRows) switch
        {
            (Part.Weight, false) => Gradient(plan, operands, samples),
            (Part.Weight, true) => GradientRows(plan, operands, samples),
            (_, false) => Convolve(plan, operands, part == Part.Input ? operands.Cotangent : operands.X, samples),
            (_, true) => ConvolveRows(plan, operands, part == Part.Input ? operands.Cotangent : operands.X, samples),
        };
        return new($"{part.ToString().ToLowerInvariant()} winograd, {(isRows ? "channels" : "batch")} in lanes, {sizes}, b{samples}", sizes.Flops(samples), run, () => operands.Check((sum, _, _) => sum));
    }

    /// <summary>The same along rows alone, of a convolution with 5 x 5 kernels and no padding: its forward part, or its weights' gradient.</summary>
    public static PeakKernel AlongRows(Part part, int inputs, int outputs, int size, int samples)
    {
        var sizes = new Convolution(inputs, outputs, size, 5, 0);
        var operands = new Operands(sizes, part, Layout.Batch, Layout.Rows, samples);
        var plan = new WinogradConvolution(0, 1, part == Part.Weight, false, inputs, outputs, size, size, size - 4, size - 4, 0, 0, 5).Best;
        if (part == Part.Input || !plan.Pays || !plan.IsAlongRows)
            throw new InvalidOperationException($"minimal filtering along rows does not pay for the {part} part of {sizes}: generated code has another form");
        var run = part == Part.Weight ? GradientLines(plan, operands, samples) : ConvolveLines(plan, operands, samples);
        return new($"{part.ToString().ToLowerInvariant()} along rows, batch in lanes, {sizes}, b{samples}", sizes.Flops(samples), run, () => operands.Check((sum, _, _) => sum));
    }

    private static Action ConvolveLines(WinogradConvolution c, Operands o, int samples)
    {
        var (kernels, scratch) = (Floats.New(c.KernelFloats), Floats.New(c.Scratch));
        return () =>
        {
            Winograd<FiveTaps>.LineKernels(ref o.Weights[0], ref kernels[0], c.Outputs, c.Inputs, isAdjoint: false);
            for (var n = 0; n < samples; n += Lanes)
                Winograd<FiveTaps>.ConvolveLines(ref o.X[n * c.Inputs * c.Height * c.Width], ref kernels[0], ref o.Result[n * c.Outputs * c.Rows * c.Columns], ref scratch[0],
                    c.Inputs, c.Outputs, c.Height, c.Width, c.Rows, c.Columns, c.Top, c.Left, c.Strip, new PlainSum());
        };
    }

    private static Action GradientLines(WinogradConvolution c, Operands o, int samples)
    {
        var blocks = samples / Lanes;
        var (shares, scratch) = (Floats.New(blocks * c.GradientFloats), Floats.New(c.Scratch));
        return () =>
        {
            for (var block = 0; block < blocks; block++)
                Winograd<FiveTaps>.GradientLines(ref o.X[block * Lanes * c.Inputs * c.Height * c.Width], ref o.Cotangent[block * Lanes * c.Outputs * c.Rows * c.Columns], ref shares[block * c.GradientFloats], ref scratch[0], Lanes,
                    c.Inputs, c.Outputs, c.Height, c.Width, c.Rows, c.Columns, c.Top, c.Left, c.Strip);
            Winograd<FiveTaps>.LineWeights(shares.First(blocks * c.GradientFloats), blocks, c.GradientFloats, ref o.Result[0], c.Outputs, c.Inputs);
        };
    }

    private static Action Convolve(WinogradConvolution c, Operands o, Floats data, int samples)
    {
        var (kernels, scratch) = (Floats.New(c.KernelFloats), Floats.New(c.Scratch));
        return () =>
        {
            Winograd<ThreeTaps>.Kernels(ref o.Weights[0], ref kernels[0], c.Outputs, c.Inputs, c.IsAdjoint, isRows: false);
            for (var n = 0; n < samples; n += Lanes)
                Winograd<ThreeTaps>.Convolve(ref data[n * c.Inputs * c.Height * c.Width], ref kernels[0], ref o.Result[n * c.Outputs * c.Rows * c.Columns], ref scratch[0],
                    c.Inputs, c.Outputs, c.Height, c.Width, c.Rows, c.Columns, c.Top, c.Left, c.Strip, new PlainSum());
        };
    }

    private static Action ConvolveRows(WinogradConvolution c, Operands o, Floats data, int samples)
    {
        var (kernels, scratch) = (Floats.New(c.KernelFloats), Floats.New(c.Scratch));
        var (x, y) = (c.Inputs * c.Height * c.Width, c.Outputs * c.Rows * c.Columns);
        return () =>
        {
            Winograd<ThreeTaps>.Kernels(ref o.Weights[0], ref kernels[0], c.Outputs, c.Inputs, c.IsAdjoint, isRows: true);
            for (var part = 0; part < (c.IsOverSamples ? Slices : samples); part++)
                if (c.IsOverSamples)
                    Run(0, samples, part, Slices);
                else
                    Run(part, 1, 0, 1);
        };

        void Run(int n, int count, int part, int parts) =>
            Winograd<ThreeTaps>.ConvolveRows(ref data[n * x], x, c.Inputs, ref kernels[0], ref o.Result[n * y], y, c.Outputs, count, ref scratch[0],
                c.Inputs, c.Outputs, c.Height, c.Width, c.Rows, c.Columns, c.Top, c.Left, c.Strip, part, parts, isFar: c.IsOverSamples, new PlainMap(), new PlainSum());
    }

    private static Action Gradient(WinogradConvolution c, Operands o, int samples)
    {
        var blocks = samples / Lanes;
        var (shares, scratch) = (Floats.New(blocks * c.GradientFloats), Floats.New(c.Scratch));
        return () =>
        {
            for (var block = 0; block < blocks; block++)
                Winograd<ThreeTaps>.Gradient(ref o.X[block * Lanes * c.Inputs * c.Height * c.Width], ref o.Cotangent[block * Lanes * c.Outputs * c.Rows * c.Columns], ref shares[block * c.GradientFloats], ref scratch[0], Lanes,
                    c.Inputs, c.Outputs, c.Height, c.Width, c.Rows, c.Columns, c.Top, c.Left, c.Strip, c.IsTurned);
            Winograd<ThreeTaps>.Weights(shares.First(blocks * c.GradientFloats), blocks, c.GradientFloats, ref o.Result[0], c.Outputs, c.Inputs, isRows: false);
        };
    }

    private static Action GradientRows(WinogradConvolution c, Operands o, int samples)
    {
        var shares = c.IsOverSamples ? 1 : samples;
        var (gradient, scratch, x, dy) = (Floats.New(shares * c.GradientFloats), Floats.New(c.Scratch), c.Inputs * c.Height * c.Width, c.Outputs * c.Rows * c.Columns);
        return () =>
        {
            for (var n = 0; n < shares; n++)
                Winograd<ThreeTaps>.GradientRows(ref o.X[n * x], x, c.Inputs, ref o.Cotangent[n * dy], dy, c.Outputs, samples / shares, ref gradient[n * c.GradientFloats], ref scratch[0],
                    c.Inputs, c.Outputs, c.Height, c.Width, c.Rows, c.Columns, c.Top, c.Left, c.Strip, 0, 1, isFar: c.IsOverSamples, isCotangentFar: c.IsOverSamples, new PlainMap());
            Winograd<ThreeTaps>.Weights(gradient.First(shares * c.GradientFloats), shares, c.GradientFloats, ref o.Result[0], c.Outputs, c.Inputs, isRows: true);
        };
    }
}
