using NNGen.Generators;
using NNGen.Generators.Read;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Tests.House;

namespace NNGen.Tests.Support;

/// <summary>What lies in lanes in the programs of a network of this project.</summary>
internal static class Lanes
{
    /// <summary>Whether the training of a network has its channels in lanes.</summary>
    /// <param name="file">Its source below `Networks`.</param>
    /// <param name="name">The class.</param>
    public static bool AreChannels(string file, string name) => Training(file, name).ByChannel;

    /// <summary>The training of a network, scheduled.</summary>
    /// <param name="file">Its source below `Networks`.</param>
    /// <param name="name">The class.</param>
    public static LaneSchedule Training(string file, string name)
    {
        var spec = Spec(file, name);
        return LaneSchedule.Of(LaneSchedule.Fuse(Compiler.TrainingGraph(spec, spec.Specialisations[0], spec.Options.InputGradient), spec.Options.Direct), spec.Options.Direct);
    }

    /// <summary>A network of this project as the generator reads it.</summary>
    /// <param name="file">Its source below `Networks`.</param>
    /// <param name="name">The class.</param>
    public static NetworkSpec Spec(string file, string name) =>
        TestCompiler.Read(TestCompiler.CompileCleanly(File.ReadAllText(Path.Combine(Repository.Root, "tests", "NNGen.Tests", "Networks", file))), name).Spec;
}
