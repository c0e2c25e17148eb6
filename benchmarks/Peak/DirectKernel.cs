namespace NNGen.Benchmarks.Peak;

/// <summary>Rows whose kernels the generator printed.</summary>
internal static class DirectKernel
{
    private const int Lanes = 16;

    /// <summary>A convolution of one lane block, or of one sample with channels in lanes.</summary>
    public static PeakKernel Convolution(Type network, Part part, Layout layout, Convolution sizes, string signature) =>
        Of(part.ToString().ToLowerInvariant(), network, part, layout, sizes, layout == Layout.Batch ? Lanes : 1, signature);

    /// <summary>A dense layer: lane block by lane block, or the gradient of its weights over all samples.</summary>
    public static PeakKernel Dense(Type network, Part part, Convolution sizes, int samples, string signature) =>
        Of($"dense {part.ToString().ToLowerInvariant()}", network, part, part == Part.Weight ? Layout.Rows : Layout.Batch, sizes, samples, signature);

    private static PeakKernel Of(string title, Type network, Part part, Layout layout, Convolution sizes, int samples, string signature)
    {
        var kernel = GeneratedKernel.Find(network, signature);
        var names = GeneratedKernel.Operands(kernel);
        var operands = new Operands(sizes, part, layout, layout, samples);
        var blocks = layout == Layout.Batch ? Enumerable.Range(0, samples / Lanes).ToArray() : [0];
        var calls = blocks.Select(block => GeneratedKernel.Bind(kernel, Number, name => Operand(name, block * Lanes))).ToArray();
        var isSliced = kernel.GetParameters().Any(parameter => parameter.Name == "first");
        var turns = isSliced ? GeneratedKernel.Turns(calls[0], operands.Written) : 1;
        var isMasked = part == Part.Input && names.Any(name => Role(name) == "data");
        var (form, epilogue) = (layout == Layout.Channels ? "channels in lanes" : "batch in lanes", part == Part.Forward ? " with bias and relu" : isMasked ? " with relu's mask" : "");
        return new($"{title}, {form}, {sizes}, b{samples}{epilogue}", sizes.Flops(samples), () => { foreach (var call in calls) call(0, turns); }, () => operands.Check(Epilogue));

        int Number(string name) => name switch
        {
            "valid" => Lanes,
            "count" => samples,
            // There is one sample.
            "pitch" when samples == 1 => 0,
            _ => throw new InvalidOperationException($"{network.Name}: no value for the parameter {name} of {signature}"),
        };

        (Floats, int) Operand(string name, int sample) => name == names[^1]
            ? (operands.Result, part == Part.Weight ? 0 : sample * (part == Part.Forward ? sizes.OutputFloats : sizes.InputFloats))
            : Role(name) switch
            {
                "weight" => (operands.Weights, 0),
                "bias" => (operands.Bias, 0),
                "cotangent" => (operands.Cotangent, sample * sizes.OutputFloats),
                _ => (operands.X, sample * sizes.InputFloats),
            };

        double Epilogue(double sum, int at, int channel) =>
            part == Part.Forward ? Math.Max(0, sum + operands.Bias[channel]) : isMasked && operands.X[at] <= 0 ? 0 : sum;
    }

    // Values are named after what they are: conv1Weight, conv1Bias, and dConv1, the cotangent of conv1.
    private static string Role(string name) =>
        name.EndsWith("Weight", StringComparison.Ordinal) ? "weight" : name.EndsWith("Bias", StringComparison.Ordinal) ? "bias" : name is ['d', >= 'A' and <= 'Z', ..] ? "cotangent" : "data";
}
