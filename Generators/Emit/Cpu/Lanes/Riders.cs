using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>Prints what rides in a convolution's transforms or in a dense layer's loop as a struct that holds references to what else it reads.</summary>
internal static class Riders
{
    /// <summary>What is computed on the sums, on their way to memory: the expression that makes the struct, which is printed if it is new.</summary>
    public static string Epilogue(LaneSchedule schedule, LaneNest nest, Names names, KernelTable kernels, Func<int, string> place) =>
        nest.Sum is { } sum ? Of(schedule, nest, nest.Nest, sum, Rider.Epilogue, Formula.Of(schedule.Program, nest.Nest, names), names, kernels, place) : "new PlainSum()";

    /// <summary>What is computed of a convolution's data, on their way into a window.</summary>
    public static string Prologue(LaneSchedule schedule, LaneNest nest, Names names, KernelTable kernels, Func<int, string> place) =>
        nest.Prologue is { } own ? Of(schedule, nest, own, nest.Convolution!.Data, Rider.Prologue, Formula.Of(schedule.Program, own, names), names, kernels, place) : "new PlainMap()";

    private static string Of(LaneSchedule schedule, LaneNest whole, Nest nest, int number, Rider rider, string comment, Names names, KernelTable kernels, Func<int, string> place)
    {
        var graph = schedule.Program.Graph;
        var operands = nest.Loads().Where(load => load != number).ToArray();
        var name = kernels.Rider(rider, Names.Pascal(names[nest.Node]), comment, operands.Length, vectors => vectors.Spread(Text(vectors, nest.Body)).Code, [.. operands.Select(id => names[id])],
            [.. operands.Where(id => graph[id].Type.Batched && schedule.IsFar(id, whole.Stage)).Select(id => $"Unsafe.Add(ref {KernelTable.Operand(Array.IndexOf(operands, id))}, {At(schedule.Placements.Pitch(nest.Node), schedule.Placements.Pitch(id))})")]);
        return $"new Kernels.{name}({string.Join(", ", operands.Select(id => "ref " + place(id)))})";

        LaneText Text(LaneDialect vectors, Scalar scalar) => scalar switch
        {
            Scalar.Literal literal => new(vectors.Number(literal.Value), LaneKind.Real, literal.Value >= 0),
            Scalar.Load load when load.Node == number => new(rider.Number, LaneKind.Reals),
            Scalar.Load load => Loaded(vectors, load),
            Scalar.Apply apply => vectors.Apply(apply.Function, [.. apply.Arguments.Select(argument => Text(vectors, argument))]),
            _ => throw new InvalidOperationException(),
        };

        LaneText Loaded(LaneDialect vectors, Scalar.Load load)
        {
            var operand = KernelTable.Operand(Array.IndexOf(operands, load.Node));
            return graph[load.Node].Type.Batched ? new(vectors.Load($"Unsafe.Add(ref {operand}, {At(schedule.Placements.Pitch(nest.Node), schedule.Placements.Pitch(load.Node))})"), LaneKind.Reals)
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

/// <summary>The two kinds of riders: the interface, and what its method is given.</summary>
/// <param name="Name">How it is called: the end of the struct's name, and of the interface's.</param>
/// <param name="Number">The number that it is given.</param>
/// <param name="Places">Where that stands.</param>
/// <param name="Fetches">Whether it can be asked to fetch what it reads.</param>
internal sealed record Rider(string Name, string Number, string Places, bool Fetches)
{
    public static readonly Rider Epilogue = new("Epilogue", "sum", "nint at, nint channel", Fetches: true), Prologue = new("Prologue", "number", "nint channel", Fetches: false);

    /// <summary>Names that the values which it reads give way to.</summary>
    public bool Takes(string name) => name == Number || name is "at" or "channel";
}
