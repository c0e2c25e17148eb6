using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>Networks used inside this one: handed out as values of their own type, and taken in.</summary>
internal static class NestedNetworks
{
    public static void Write(SourceWriter writer, NetworkSpec spec)
    {
        if (spec.Nested.Count == 0)
            return;
        var (name, counts, bufferCounts) = (spec.Declaration.Name, Counts(spec.Parameters.Select(p => p.Shape)), Counts(spec.Buffers.Select(b => b.Shape)));
        foreach (var nested in spec.Nested)
        {
            var (start, count) = Range(counts, nested.FirstParameter, nested.ParameterCount);
            var (bufferStart, bufferCount) = Range(bufferCounts, nested.FirstBuffer, nested.BufferCount);
            writer.Line($$"""

                /// <summary>The network `{{nested.Name}}` with the values that it has in this one.</summary>
                public {{nested.Type}} {{Names.Pascal(nested.Name)}} => {{nested.Type}}.Of(new NetworkValues(
                    {{nested.Type}}.Layout, Values.Parameters.Slice({{start}}, {{count}}).ToArray(), Values.Buffers.Slice({{bufferStart}}, {{bufferCount}}).ToArray()));
                """);
        }
        var taken = spec.Nested.Select(nested => (Parameter: Names.Camel(nested.Name), nested)).ToArray();
        var list = string.Join(", ", taken.Select(t => $"{t.nested.Type} {t.Parameter}"));
        writer.Line($$"""

            /// <summary>The network over the given ones' values; what is its own beside them is drawn from the seed.</summary>
            public static {{name}} Initialize(ulong seed, {{list}})
            {
                var own = Initialization.Draw(Layout, seed);
                var (parameters, buffers) = (own.Parameters.ToArray(), own.Buffers.ToArray());
            """);
        writer.Indented(() =>
        {
            foreach (var (parameter, nested) in taken)
            {
                writer.Line($"{parameter}.Values.Parameters.CopyTo(parameters.AsSpan({Range(counts, nested.FirstParameter, nested.ParameterCount).Start}));");
                writer.Line($"{parameter}.Values.Buffers.CopyTo(buffers.AsSpan({Range(bufferCounts, nested.FirstBuffer, nested.BufferCount).Start}));");
            }
            writer.Line("return new(new NetworkValues(Layout, parameters, buffers));");
        });
        writer.Line("}");
        if (spec.Nested.Sum(nested => nested.ParameterCount) == spec.Parameters.Count)
            writer.Line($$"""

                /// <summary>The network over the given ones' values, which are all that it has.</summary>
                public static {{name}} Of({{list}}) => Initialize(0, {{string.Join(", ", taken.Select(t => t.Parameter))}});
                """);
    }

    private static int[] Counts(IEnumerable<EquatableArray<int>> shapes) => [.. shapes.Select(shape => shape.Aggregate(1, (product, size) => product * size))];

    private static (int Start, int Count) Range(int[] counts, int first, int length) => (counts.Take(first).Sum(), counts.Skip(first).Take(length).Sum());
}
