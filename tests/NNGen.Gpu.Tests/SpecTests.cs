using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NNGen.Generators;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Gpu.Tests;

public class SpecTests(OpenCl openCl)
{
    [Fact]
    public void LeNet5()
    {
        var spec = Spec();
        var cpu = Compiler.Compile(spec);
        var gpu = Compiler.CompileGpu(spec)!;
        File.WriteAllText("/tmp/gpuscratch/LeNet5.cs", cpu);
        File.WriteAllText("/tmp/gpuscratch/LeNet5.Gpu.cs", gpu);
        const string harness = """
            using System; using NNGen; using NNGen.Gpu;
            public static class Harness
            {
                public static void Run(GpuDevice device, Action<string> log)
                {
                    var network = LeNet5.Initialize(7);
                    using var gpu = new LeNet5.Gpu(device, network, 5);
                    var random = new Random(3);
                    var image = new float[4 * 784]; var digit = new int[4];
                    for (var i = 0; i < image.Length; i++) image[i] = random.NextSingle();
                    for (var i = 0; i < 4; i++) digit[i] = random.Next(10);
                    var a = new float[40]; var b = new float[40];
                    network.Predict(image, a);
                    gpu.Predict(image, b);
                    log("predict " + Far(a, b));
                    var batch = new LeNet5.Batch(4, image, digit);
                    var ga = new float[LeNet5.ParameterCount]; var gb = new float[LeNet5.ParameterCount];
                    var watch = System.Diagnostics.Stopwatch.StartNew();
                    log(network.Gradient(batch, ga, default).ToString());
                    log(watch.ElapsedMilliseconds + " ms"); watch.Restart();
                    log(gpu.Gradient(batch, gb, default).ToString());
                    log(watch.ElapsedMilliseconds + " ms"); watch.Restart();
                    log(gpu.Gradient(batch, gb, default).ToString());
                    log(watch.ElapsedMilliseconds + " ms");
                    log("gradient " + Far(ga, gb));
                }
                static string Far(float[] a, float[] b)
                {
                    double worst = 0, norm = 0;
                    for (var i = 0; i < a.Length; i++) { worst = Math.Max(worst, Math.Abs(a[i] - b[i])); norm = Math.Max(norm, Math.Abs(a[i])); }
                    return worst + " of " + norm;
                }
            }
            """;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("LeNet5", [CSharpSyntaxTree.ParseText(cpu), CSharpSyntaxTree.ParseText(gpu), CSharpSyntaxTree.ParseText(harness)], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        var assembly = System.Reflection.Assembly.Load(image.ToArray());
        assembly.GetType("Harness")!.GetMethod("Run")!.Invoke(null, [openCl.Device, (Action<string>)(text => TestContext.Current.TestOutputHelper!.WriteLine(text))]);
    }

    private static NetworkSpec Spec()
    {
        var b = new GraphBuilder();
        var parameters = new List<ParameterSpec>();
        Value P(string name, params int[] shape)
        {
            parameters.Add(new(name, [.. shape], new("FanIn", 0), shape.Skip(1).Aggregate(1, (x, y) => x * y), shape[0], false));
            return b.Leaf(Leaves.Parameter, name, TensorType.Real([.. shape], false));
        }
        Value Tanh(Value x, string label) => b.Labelled(b.Apply(Elementwise.Tanh, x), label);
        var image = b.Leaf(Leaves.Input, "image", TensorType.Real([1, 28, 28], true));
        var digit = b.Leaf(Leaves.Target, "digit", new TensorType(DType.I32, [], true));
        var x = Tanh(Affine.Convolve(image, P("conv1.weight", 6, 1, 5, 5), P("conv1.bias", 6), new Window(1, 1, 2, 2, 2, 2, 1, 1)), "conv1");
        x = Pooling.Average(x, 2, 2, 0, true);
        x = Tanh(Affine.Convolve(x, P("conv2.weight", 16, 6, 5, 5), P("conv2.bias", 16), new Window(1, 1, 0, 0, 0, 0, 1, 1)), "conv2");
        x = Pooling.Average(x, 2, 2, 0, true);
        x = Shapes.Reshape(x, 400);
        x = Tanh(Affine.Dense(x, P("dense1.weight", 120, 400), P("dense1.bias", 120)), "dense1");
        x = Tanh(Affine.Dense(x, P("dense2.weight", 84, 120), P("dense2.bias", 84)), "dense2");
        x = Affine.Dense(x, P("dense3.weight", 10, 84), P("dense3.bias", 10));
        var loss = Statistics.BatchMean(Losses.CrossEntropy(x, digit, false));
        var accuracy = Statistics.BatchMean(Losses.FractionCorrect(x, digit));
        var graph = b.Build(("output:logits", x), ("loss", loss), ("metric:Accuracy", accuracy));
        DataSpec i = new("image", [1, 28, 28], false, 0), d = new("digit", [], true, 10), o = new("logits", [10], false, 0);
        return new NetworkSpec(new Declaration("", [], "class", "LeNet5", "LeNet5"), parameters.ToEquatableArray(), [], [], ["Accuracy"], true,
            [new Specialisation([i], [d], [o], graph)], false, new ProgramOptions(false, false, true));
    }
}
