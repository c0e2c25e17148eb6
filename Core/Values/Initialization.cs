namespace NNGen;

/// <summary>First values of networks.</summary>
public static class Initialization
{
    /// <summary>
    /// Draws first values: every element is a function of its tensor's name, the seed and its index, so they are the same on every machine and thread, and a
    /// tensor keeps its values when others are added.
    /// </summary>
    /// <param name="layout">The tensors.</param>
    /// <param name="seed">Any number; another gives other values.</param>
    /// <param name="scheme">
    /// Replaces <see cref="Initializer.FanIn"/> where a tensor has it (see <see cref="Initializer"/>); tensors with an initialiser of their own keep it.
    /// </param>
    public static NetworkValues Draw(NetworkLayout layout, ulong seed, Initializer? scheme = null)
    {
        var parameters = new float[layout.ParameterCount];
        var buffers = new float[layout.BufferCount];
        foreach (var tensor in layout.Parameters)
            Draw(tensor, seed, scheme, parameters.AsSpan(tensor.Offset, tensor.Count));
        foreach (var tensor in layout.Buffers)
            Draw(tensor, seed, null, buffers.AsSpan(tensor.Offset, tensor.Count));
        return new(layout, parameters, buffers);
    }

    private static void Draw(TensorInfo tensor, ulong seed, Initializer? scheme, Span<float> values)
    {
        var random = CounterRandom.Of(seed, tensor.Name);
        switch (Rule(tensor, scheme))
        {
            case Initializer.Fill(var value):
                values.Fill(value);
                break;
            case Initializer.UniformWithin(var bound):
                Uniform(random, bound, values);
                break;
            case Initializer.NormallyDistributed(var deviation):
                Normal(random, deviation, values);
                break;
            case Initializer.FanInUniform:
                Uniform(random, Math.Sqrt(1.0 / Math.Max(1, tensor.FanIn)), values);
                break;
            case Initializer.KaimingNormal:
                Normal(random, Math.Sqrt(2.0 / Math.Max(1, tensor.FanIn)), values);
                break;
            case Initializer.XavierUniform:
                Uniform(random, Math.Sqrt(6.0 / Math.Max(1, (double)tensor.FanIn + tensor.FanOut)), values);
                break;
            case var unknown:
                throw new InvalidOperationException($"No rule for {unknown}");
        }
    }

    private static Initializer Rule(TensorInfo tensor, Initializer? scheme) => (tensor.Initializer, scheme) switch
    {
        (Initializer.FanInUniform, null or Initializer.FanInUniform) => tensor.Initializer,
        (Initializer.FanInUniform, Initializer.Fill) => scheme,
        (Initializer.FanInUniform, _) => tensor.Shape.Length > 1 ? scheme : Initializer.Zero,
        _ => tensor.Initializer,
    };

    private static void Uniform(CounterRandom random, double bound, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Symmetric((ulong)i) * (float)bound;
    }

    private static void Normal(CounterRandom random, double deviation, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * random.Normal((ulong)i));
    }
}
