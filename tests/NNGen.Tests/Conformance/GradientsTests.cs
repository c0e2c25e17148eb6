using NNGen.Conformance;
using NNGen.Conformance.Cases;
using NNGen.Conformance.Running;
using NNGen.Tests.House;

namespace NNGen.Tests.Conformance;

/// <summary>The conformance runner, on the reference values beside the repository and on small cases made here.</summary>
public class GradientsTests
{
    /// <summary>What Core or the vocabulary has not.</summary>
    static readonly string[] Unsupported = ["optim_rmsprop"];

    [Fact]
    public void Run_ReferenceValues_AllAgree()
    {
        var outcomes = Gradients.Run(Repository.Shared("conformance/gradients")).ToArray();

        Assert.Empty(outcomes.OfType<Outcome.Failed>().Select(outcome => outcome.ToString()));
        Assert.Equal(Unsupported, outcomes.OfType<Outcome.Unsupported>().Select(outcome => outcome.Name));
    }

    [Fact]
    public void Run_ValuesOfAnotherOp_FailsAndNamesTheWorstElement()
    {
        using var folder = new CaseFolder();
        folder.Write("relu", Relu(y: [0, 2], gradient: [0, 1]));
        Assert.IsType<Outcome.Passed>(Assert.Single(Gradients.Run(folder.Path)));

        folder.Write("relu", Relu(y: [0, 2], gradient: [0, 0.5f]));
        var failed = Assert.IsType<Outcome.Failed>(Assert.Single(Gradients.Run(folder.Path)));
        Assert.Contains("grad.x[1] is 1 instead of 0.5", failed.Why);
    }

    [Fact]
    public void Run_UnknownNameOrAttribute_IsUnsupported()
    {
        using var folder = new CaseFolder();
        folder.Write("erfinv", Relu(y: [0, 2], gradient: [0, 1]));
        folder.Write("relu", Relu(y: [0, 2], gradient: [0, 1]), attributes: """{ "upside_down": true }""");

        Assert.Equal(
            ["no way is known to write 'erfinv'", "relu with the attribute 'upside_down' is not known"],
            Gradients.Run(folder.Path).Select(outcome => Assert.IsType<Outcome.Unsupported>(outcome).Why));
    }

    [Theory]
    [InlineData("{", "case.json: ")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{}", "'tensors' is missing")]
    [InlineData("""{ "tensors": {}, "what": "" }""", "'name' is missing")]
    [InlineData("""{ "tensors": {}, "name": 7 }""", "'name' must be a JSON string")]
    [InlineData("""{ "tensors": { "x": [3, 1] }, "name": "relu" }""", "tensor 'x' is [3, 1] here, but [2, 1] in data.safetensors")]
    [InlineData("""{ "tensors": { "z": [1] }, "name": "relu" }""", "there is no tensor 'z'")]
    [InlineData("""{ "tensors": { "x": "wide" }, "name": "relu" }""", "case.json: ")]
    public void Read_MalformedCase_NamesTheFileAndTheFault(string json, string expected)
    {
        using var folder = new CaseFolder();
        folder.Write("relu", Relu(y: [0, 2], gradient: [0, 1]), json);

        var fault = Assert.Throws<CaseException>(() => Gradients.Read(folder.Path));
        Assert.Contains("relu", fault.Message);
        Assert.Contains(expected, fault.Message);
    }

    [Fact]
    public void Read_NoCases_SaysSo()
    {
        using var folder = new CaseFolder();
        Assert.Contains("holds no case", Assert.Throws<CaseException>(() => Gradients.Read(folder.Path)).Message);
        Assert.Contains("there is no folder", Assert.Throws<CaseException>(() => Gradients.Read(Path.Combine(folder.Path, "nowhere"))).Message);
        folder.Write("relu", Relu(y: [0, 2], gradient: [0, 1]));
        File.Delete(Path.Combine(folder.Path, "relu", "data.safetensors"));
        Assert.Contains("data.safetensors", Assert.Throws<CaseException>(() => Gradients.Read(folder.Path)).Message);
    }

    static SafeTensor[] Relu(float[] y, float[] gradient) =>
    [
        SafeTensor.Of("x", [2, 1], [-1, 2]), SafeTensor.Of("g", [2, 1], [3, 1]), SafeTensor.Of("y", [2, 1], y), SafeTensor.Of("grad.x", [2, 1], gradient),
    ];

    sealed class CaseFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("nngen-conformance-").FullName;

        public void Write(string name, SafeTensor[] tensors, string? json = null, string attributes = "{}")
        {
            var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
            File.WriteAllText(System.IO.Path.Combine(folder, "case.json"), json ??
                $$"""{ "name": "{{name}}", "what": "", "attributes": {{attributes}}, "tensors": { {{string.Join(", ", tensors.Select(t => $"\"{t.Name}\": [{string.Join(", ", t.Shape)}]"))}} } }""");
            new SafeTensors([.. tensors]).Save(System.IO.Path.Combine(folder, "data.safetensors"));
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
