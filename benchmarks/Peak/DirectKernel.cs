namespace NNGen.Benchmarks.Peak;

/// <summary>Rows whose kernels the generator printed.</summary>
internal static class DirectKernel
{
    private const int Lanes = 16;

    /// <summary>A convolution of one lane block, or of one sample with channels or rows in lanes.</summary>
    public static PeakKernel Convolution(Type network, Part part, Layout layout, Convolution sizes, string signature)
    {
        var (kernel, samples) = (GeneratedKernel.Find(network, signature), layout == Layout.Batch ? Lanes : 1);
        var names = GeneratedKernel.Operands(kernel);
        var operands = new Operands(sizes, part, layout, layout, samples);
        var call = GeneratedKernel.Bind(kernel, Number, Operand);
        var isSliced = kernel.GetParameters().Any(parameter => parameter.Name == "first");
        var turns = isSliced ? GeneratedKernel.Turns(call, operands.Written) : 1;
        var isMasked = part == Part.Input && names.Any(name => Role(name) == "data");
        var (form, epilogue) = (layout switch { Layout.Channels => "channels in lanes", Layout.Rows => "rows in lanes", _ => "batch in lanes" }, part == Part.Forward ? " with bias and relu" : isMasked ? " with relu's mask" : "");
        return new($"{part.ToString().ToLowerInvariant()}, {form}, {sizes}, b{samples}{epilogue}", sizes.Flops(samples), () => call(0, turns), () => operands.Check(Epilogue));

        int Number(string name) => name switch
        {
            "valid" => Lanes,
            "count" => samples,
            // There is one sample.
            "pitch" when samples == 1 => 0,
            _ => throw new InvalidOperationException($"{network.Name}: no value for the parameter {name} of {signature}"),
        };

        Floats Operand(string name) => name == names[^1] ? operands.Result : Role(name) switch
        {
            "weight" => operands.Weights,
            "bias" => operands.Bias,
            "cotangent" => operands.Cotangent,
            _ => operands.X,
        };

        double Epilogue(double sum, int at, int channel) =>
            part == Part.Forward ? Math.Max(0, sum + operands.Bias[channel]) : isMasked && operands.X[at] <= 0 ? 0 : sum;
    }

    // Values are named after what they are: conv1Weight, conv1Bias, and dConv1, the cotangent of conv1.
    private static string Role(string name) =>
        name.EndsWith("Weight", StringComparison.Ordinal) ? "weight" : name.EndsWith("Bias", StringComparison.Ordinal) ? "bias" : name is ['d', >= 'A' and <= 'Z', ..] ? "cotangent" : "data";
}
