using System.Collections.Immutable;
using System.Reflection;
using NNGen.Conformance.Writing;

namespace NNGen.Conformance.Running;

/// <summary>All numbers that a program gives for one batch.</summary>
internal sealed record Measured(double Loss, double[][] Outputs, double[][] InputGradients, double[] Gradient, double[] Buffers);

/// <summary>What some steps of training give: the loss before each, and the numbers after the last.</summary>
internal sealed record TrainedValues(double[] Losses, double[] Parameters, double[] Buffers);

/// <summary>A compiled network as functions, which hide its types.</summary>
/// <param name="Layout">Its parameters and buffers.</param>
/// <param name="Double">Loss and gradients in training mode, in double: (parameters, buffers) to numbers; outputs are not among them.</param>
/// <param name="PredictDouble">Outputs in inference mode, in double.</param>
/// <param name="Float">The same in float, gradients of inputs excepted.</param>
/// <param name="PredictFloat">Outputs in inference mode, in float.</param>
/// <param name="TrainFloat">So many steps of Core's training, in float.</param>
internal sealed record CompiledNetwork(
    NetworkLayout Layout,
    Func<double[], double[], Measured> Double,
    Func<double[], double[], double[][]> PredictDouble,
    Func<double[], double[], Measured> Float,
    Func<double[], double[], double[][]> PredictFloat,
    Func<double[], double[], Optimizer, int, TrainedValues> TrainFloat)
{
    /// <summary>The network of a loaded assembly.</summary>
    public static CompiledNetwork Of(Assembly assembly, WrittenNetwork written)
    {
        var type = assembly.GetType(written.Class) ?? throw new NetworkFault($"there is no class {written.Class}");
        var trained = type.GetInterfaces().SingleOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(INetwork<,,>))
            ?? throw new NetworkFault("the generator did not make the class an INetwork with batches and metrics");
        if (!type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IDoubleNetwork<>)))
            throw new NetworkFault("the generator did not make the class an IDoubleNetwork");
        try
        {
            return (CompiledNetwork)typeof(CompiledNetwork).GetMethod(nameof(Bind), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(trained.GetGenericArguments()).Invoke(null, [assembly, written])!;
        }
        catch (TargetInvocationException fault)
        {
            throw fault.InnerException!;
        }
    }

    private static CompiledNetwork Bind<TNet, TBatch, TMetrics>(Assembly assembly, WrittenNetwork written)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>, IDoubleNetwork<TNet>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        var layout = TNet.Layout;
        RequireFit(layout.Parameters, written.Parameters, "parameter");
        RequireFit(layout.Buffers, written.Buffers, "buffer");

        ImmutableArray<Data> data = [.. written.Inputs, .. written.Targets];
        double[][] reals = [.. data.Where(d => d.Classes == 0).Select(d => d.Values)];
        int[][] labels = [.. data.Where(d => d.Classes > 0).Select(Integers)];
        double[][] inputs = [.. written.Inputs.Select(d => d.Values)];
        var batch = TNet.Bind(new(
        [
            .. data.Select(d => d.Classes == 0 ? (Column)new RealColumn(d.Name, d.Shape, Floats(d.Values)) : new LabelColumn(d.Name, d.Shape, Integers(d))),
        ]));
        var predict = assembly.GetType("Bridge")!.GetMethod("Predict")!.CreateDelegate<Action<TNet, float[][], float[][]>>();
        TNet Network(double[] parameters, double[] buffers) => TNet.Of(new(layout, Floats(parameters), Floats(buffers)));

        return new(layout, InDouble, PredictInDouble, InFloat, PredictInFloat, Train);

        Measured InDouble(double[] parameters, double[] buffers)
        {
            double[][] inputGradients = [.. inputs.Select(input => new double[input.Length])];
            var (gradient, updated) = (new double[layout.ParameterCount], new double[layout.BufferCount]);
            var loss = TNet.LossAndGradient(written.Count, parameters, buffers, reals, labels, gradient, inputGradients, updated);
            return new(loss, [], inputGradients, gradient, updated);
        }

        double[][] PredictInDouble(double[] parameters, double[] buffers)
        {
            double[][] outputs = [.. written.OutputSizes.Select(size => new double[size])];
            TNet.Predict(written.Count, parameters, buffers, inputs, outputs);
            return outputs;
        }

        Measured InFloat(double[] parameters, double[] buffers)
        {
            var (gradient, updated) = (new float[layout.ParameterCount], new float[layout.BufferCount]);
            var metrics = Network(parameters, buffers).Gradient(batch, gradient, updated);
            return new(metrics.Loss, [], [], Doubles(gradient), Doubles(updated));
        }

        double[][] PredictInFloat(double[] parameters, double[] buffers)
        {
            float[][] outputs = [.. written.OutputSizes.Select(size => new float[size])];
            predict(Network(parameters, buffers), [.. inputs.Select(Floats)], outputs);
            return [.. outputs.Select(output => Doubles(output))];
        }

        TrainedValues Train(double[] parameters, double[] buffers, Optimizer optimizer, int steps)
        {
            var state = Training.Of<TNet, TBatch, TMetrics>(Network(parameters, buffers), optimizer);
            var losses = new double[steps];
            for (var step = 0; step < steps; step++)
            {
                state = state.Step(batch, out var metrics);
                losses[step] = metrics.Loss;
            }

            return new(losses, Doubles(state.Network.Values.Parameters), Doubles(state.Network.Values.Buffers));
        }
    }

    private static void RequireFit(ImmutableArray<TensorInfo> compiled, ImmutableArray<Slot> written, string what)
    {
        foreach (var (i, slot) in written.Index())
            if (i >= compiled.Length || !compiled[i].Shape.SequenceEqual(slot.Shape))
                throw new NetworkFault(
                    $"{what} {i} should be {slot.Name} [{string.Join(", ", slot.Shape)}], but the network has {(i < compiled.Length ? compiled[i] : "no more")}");
        if (compiled.Length > written.Length)
            throw new NetworkFault($"the network has {compiled.Length} {what}s instead of {written.Length}: also {compiled[written.Length]}");
    }

    private static float[] Floats(double[] values) => [.. values.Select(v => (float)v)];

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = values[i];
        return result;
    }

    private static int[] Integers(Data data) => [.. data.Values.Select(v => (int)v)];
}
