using System.Globalization;
using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>The network as an immutable value: layout, numbers, initialisation, files, equality.</summary>
internal static class ValueMembers
{
    public static void Write(SourceWriter writer, NetworkSpec spec)
    {
        var name = spec.Declaration.Name;
        var count = spec.Parameters.Sum(p => p.Shape.Aggregate(1, (product, size) => product * size));
        writer.Line($$"""
            /// <summary>The number of trainable values.</summary>
            public const int ParameterCount = {{count}};

            private {{name}}(NetworkValues values) => Values = values;

            /// <summary>Names, shapes and places of the parameters and buffers.</summary>
            public static NetworkLayout Layout { get; } = new(
                "{{name}}",
            """);
        writer.Indented(() =>
        {
            Tensors(writer, spec.Parameters.Select(p => (p.Name, p.Shape, Initializer(p.Initializer), p.FanIn, p.FanOut, p.Frozen)), ",");
            Tensors(writer, spec.Buffers.Select(b => (b.Name, b.Shape, Initializer(new("Constant", b.Initial)), 0, 0, false)), ");");
        });
        writer.Line($$"""

            /// <summary>The parameters and buffers.</summary>
            public NetworkValues Values { get; }

            /// <summary>The network with the given values.</summary>
            /// <exception cref="ArgumentException">The values are another network's.</exception>
            public static {{name}} Of(NetworkValues values) => Layout.Equals(values.Layout) ? new(values)
                : throw new ArgumentException($"values of {values.Layout.Network} are not those of {{name}}", nameof(values));

            /// <summary>Fresh parameters, a function of the seed alone.</summary>
            public static {{name}} Initialize(ulong seed) => new(Initialization.Draw(Layout, seed));

            /// <summary>Fresh parameters, drawn by a scheme instead of each layer's default.</summary>
            public static {{name}} Initialize(ulong seed, Initializer scheme) => new(Initialization.Draw(Layout, seed, scheme));

            /// <summary>Reads a safetensors file whose names and shapes are this network's.</summary>
            /// <exception cref="NetworkFileException">They are not, or it is no such file; the message names each difference.</exception>
            public static {{name}} Load(string path) => new(Weights.Load(Layout, path));

            /// <summary>Reads safetensors from a stream.</summary>
            /// <exception cref="NetworkFileException">Names or shapes differ, or it holds something else.</exception>
            public static {{name}} Load(Stream stream) => new(Weights.Load(Layout, stream));

            /// <summary>Writes a safetensors file, whole or not at all.</summary>
            public void Save(string path) => Weights.Save(Values, path);

            /// <summary>Writes safetensors to a stream.</summary>
            public void Save(Stream stream) => Weights.Save(Values, stream);

            /// <summary>Whether all parameters and buffers are the same bits.</summary>
            public bool Equals({{name}}? other) => other is not null && Values.Equals(other.Values);

            /// <inheritdoc/>
            public override bool Equals(object? other) => Equals(other as {{name}});

            /// <inheritdoc/>
            public override int GetHashCode() => Values.GetHashCode();
            """);
    }

    private static void Tensors(SourceWriter writer, IEnumerable<(string Name, EquatableArray<int> Shape, string Initializer, int FanIn, int FanOut, bool Frozen)> tensors, string end)
    {
        var rows = new List<string>();
        var offset = 0;
        foreach (var (name, shape, initializer, fanIn, fanOut, frozen) in tensors)
        {
            rows.Add($"new TensorInfo(\"{name}\", [{string.Join(", ", shape)}], {offset}, {initializer}, {fanIn}, {fanOut}){(frozen ? " { Frozen = true }" : "")},");
            offset += shape.Aggregate(1, (product, size) => product * size);
        }
        if (rows.Count == 0)
        {
            writer.Line("[]" + end);
            return;
        }
        writer.Line("[");
        writer.Indented(() => rows.ForEach(row => writer.Line(row)));
        writer.Line("]" + end);
    }

    private static string Initializer(InitializerSpec spec) => spec.Kind is "Constant" or "Uniform" or "Normal"
        ? $"Initializer.{spec.Kind}({((float)spec.Value).ToString("R", CultureInfo.InvariantCulture)}f)"
        : $"Initializer.{spec.Kind}";
}
