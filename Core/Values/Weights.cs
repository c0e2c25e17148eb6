using System.Collections.Immutable;

namespace NNGen;

/// <summary>
/// A network's values as a safetensors file: every parameter and buffer under its name, in float32. The format is what PyTorch tools read and write:
/// https://github.com/huggingface/safetensors.
/// </summary>
public static class Weights
{
    /// <summary>Saves values; the file is written whole or not at all, and an older file is kept when writing fails.</summary>
    /// <param name="values">The values.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(NetworkValues values, string path) => AtomicFile.Write(path, stream => Save(values, stream));

    /// <summary>Writes values to a stream, which stays open.</summary>
    /// <param name="values">The values.</param>
    /// <param name="stream">A writable stream.</param>
    public static void Save(NetworkValues values, Stream stream) => File(values).Write(stream);

    /// <summary>Loads values: names, shapes and types are those of the layout, or nothing is loaded.</summary>
    /// <param name="layout">The network's tensors.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="NetworkFileException">It is no safetensors file, or tensors are missing, left over, or of another shape or type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NetworkValues Load(NetworkLayout layout, string path) => Take(layout, SafeTensors.Load(path), path);

    /// <summary>Reads values from a stream up to its end; see <see cref="Load(NetworkLayout, string)"/>.</summary>
    /// <param name="layout">The network's tensors.</param>
    /// <param name="stream">A readable stream.</param>
    /// <exception cref="NetworkFileException">It holds no safetensors file, or tensors are missing, left over, or of another shape or type.</exception>
    public static NetworkValues Load(NetworkLayout layout, Stream stream) => Take(layout, SafeTensors.Read(stream), "stream");

    /// <summary>The file of some values.</summary>
    internal static SafeTensors File(NetworkValues values) => new(
        [.. values.All.Select(tensor => SafeTensor.Of(tensor.Name, tensor.Shape, tensor.Span))],
        ImmutableDictionary<string, string>.Empty.Add("format", "nngen").Add("network", values.Layout.Network));

    /// <summary>The layout's values among a file's tensors.</summary>
    /// <param name="layout">The network's tensors.</param>
    /// <param name="tensors">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    internal static NetworkValues Take(NetworkLayout layout, SafeTensors tensors, string file)
    {
        var wanted = layout.Parameters.Concat(layout.Buffers).ToArray();
        var names = wanted.Select(info => info.Name).ToHashSet();
        string[] problems =
        [
            .. List($"not in the file but wanted by {layout.Network}", wanted.Where(info => tensors.Find(info.Name) is null).Select(info => info.ToString())),
            .. List($"in the file but not in {layout.Network}", tensors.Tensors.Where(t => !names.Contains(t.Name)).Select(t => t.ToString())),
            .. wanted.Select(info => Difference(info, tensors.Find(info.Name))).OfType<string>(),
        ];
        if (problems.Length > 0)
            throw new NetworkFileException(file, [.. problems]);
        return new(layout, Join(layout.Parameters, layout.ParameterCount), Join(layout.Buffers, layout.BufferCount));

        float[] Join(ImmutableArray<TensorInfo> infos, int count)
        {
            var flat = new float[count];
            foreach (var info in infos)
                tensors[info.Name].CopyTo(flat.AsSpan(info.Offset, info.Count));
            return flat;
        }
    }

    private static string? Difference(TensorInfo wanted, SafeTensor? found) => found switch
    {
        null => null,
        { } when !found.Shape.AsSpan().SequenceEqual(wanted.Shape.AsSpan()) =>
            $"{wanted.Name} has shape {TensorShape.Text(found.Shape)}, expected {TensorShape.Text(wanted.Shape)}",
        { Type: SafeTensorType.F32 or SafeTensorType.F16 or SafeTensorType.BF16 } => null,
        _ => $"{wanted.Name} has type {found.Type}, expected F32 (F16 and BF16 are widened exactly)",
    };

    private static IEnumerable<string> List(string what, IEnumerable<string> names)
    {
        var all = string.Join(", ", names);
        return all.Length == 0 ? [] : [$"{what}: {all}"];
    }
}
