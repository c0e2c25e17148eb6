using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>Prints what is computed on a convolution's sums, on their way to memory, as a struct that holds references to what else it reads.</summary>
internal static class Epilogue
{
    /// <summary>The expression that makes the struct, which is printed if it is new.</summary>
    public static string Of(LaneSchedule schedule, LaneNest nest, int sum, Names names, KernelTable kernels, Func<int, string> place)
    {
        var graph = schedule.Program.Graph;
        var operands = nest.Nest.Loads().Where(load => load != sum).ToArray();
        var name = kernels.Epilogue(Names.Pascal(names[nest.Nest.Node]) + "Epilogue", Formula.Of(schedule.Program, nest.Nest, names), operands.Length, vectors => vectors.Spread(Text(vectors, nest.Nest.Body)).Code, [.. operands.Select(id => names[id])]);
        return $"new Kernels.{name}({string.Join(", ", operands.Select(id => "ref " + place(id)))})";

        LaneText Text(LaneDialect vectors, Scalar scalar) => scalar switch
        {
            Scalar.Literal literal => new(vectors.Number(literal.Value), LaneKind.Real, literal.Value >= 0),
            Scalar.Load load when load.Node == sum => new("sum", LaneKind.Reals),
            Scalar.Load load => Loaded(vectors, load),
            Scalar.Apply apply => vectors.Apply(apply.Function, [.. apply.Arguments.Select(argument => Text(vectors, argument))]),
            _ => throw new InvalidOperationException(),
        };

        LaneText Loaded(LaneDialect vectors, Scalar.Load load)
        {
            var operand = KernelTable.Operand(Array.IndexOf(operands, load.Node));
            return graph[load.Node].Type.Batched ? new(vectors.Load($"Unsafe.Add(ref {operand}, {At(schedule.Placements.Pitch(nest.Nest.Node), schedule.Placements.Pitch(load.Node))})"), LaneKind.Reals)
                : load.At.At.Count == 0 ? new(operand, LaneKind.Real)
                : schedule.ByChannel ? new(vectors.Load($"Unsafe.Add(ref {operand}, channel)"), LaneKind.Reals)
                : new($"Unsafe.Add(ref {operand}, channel)", LaneKind.Real);
        }

        // With channels in lanes, `at` counts places of the result, which lie another distance apart than those of an operand that is a part of something wider, or whose result is.
        string At(int own, int other) => !schedule.ByChannel || own == other ? "at"
            : other % own == 0 ? $"(at - channel) * {other / own} + channel"
            : own % other == 0 ? $"(at - channel) / {own / other} + channel"
            : $"(at - channel) / {own} * {other} + channel";
    }
}
