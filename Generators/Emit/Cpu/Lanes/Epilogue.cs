using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>Prints what is computed on a convolution's sums, on their way to memory, as a struct that holds references to what else it reads.</summary>
internal static class Epilogue
{
    private static readonly LaneDialect Vectors = new("Vector512");

    /// <summary>The expression that makes the struct, which is printed if it is new.</summary>
    public static string Of(LaneSchedule schedule, LaneNest nest, int sum, Names names, KernelTable kernels, Func<int, string> place)
    {
        var graph = schedule.Program.Graph;
        var operands = nest.Nest.Loads().Where(load => load != sum).ToArray();
        var value = Vectors.Spread(Text(nest.Nest.Body)).Code;
        var name = kernels.Epilogue(Names.Pascal(names[nest.Nest.Node]) + "Epilogue", Formula.Of(schedule.Program, nest.Nest, names), operands.Length, value, [.. operands.Select(id => names[id])]);
        return $"new Kernels.{name}({string.Join(", ", operands.Select(id => "ref " + place(id)))})";

        LaneText Text(Scalar scalar) => scalar switch
        {
            Scalar.Literal literal => new(Vectors.Number(literal.Value), LaneKind.Real, literal.Value >= 0),
            Scalar.Load load when load.Node == sum => new("sum", LaneKind.Reals),
            Scalar.Load load => Loaded(load),
            Scalar.Apply apply => Vectors.Apply(apply.Function, [.. apply.Arguments.Select(Text)]),
            _ => throw new InvalidOperationException(),
        };

        LaneText Loaded(Scalar.Load load)
        {
            var operand = KernelTable.Operand(Array.IndexOf(operands, load.Node));
            return graph[load.Node].Type.Batched ? new(Vectors.Load($"Unsafe.Add(ref {operand}, at)"), LaneKind.Reals)
                : load.At.At.Count == 0 ? new(operand, LaneKind.Real)
                : schedule.ByChannel ? new(Vectors.Load($"Unsafe.Add(ref {operand}, channel)"), LaneKind.Reals)
                : new($"Unsafe.Add(ref {operand}, channel)", LaneKind.Real);
        }
    }
}
