using System.Globalization;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Emit;

/// <summary>What a nest computes, in the notation of the user's model: `conv1Tanh = tanh(convolution(image, conv1Weight) + conv1Bias)`.</summary>
internal static class Formula
{
    private const int Widest = 130;

    private enum Binding { Conditional, Comparison, Sum, Product, Atom }

    public static string Of(LoopProgram program, Nest nest, Names names)
    {
        var graph = program.Graph;
        var fused = new HashSet<int>(nest.Fused);
        // The whole if it fits on a line; else as many levels of it as do.
        for (var depth = 12; depth > 1; depth--)
            if (Print(nest.Node, depth).Text is { Length: <= Widest } text)
                return $"{names[nest.Node]} = {text}";
        return $"{names[nest.Node]} = {graph[nest.Node].Op}(...)";

        (string Text, Binding Binding) Print(int id, int depth)
        {
            var node = graph[id];
            (string Text, Binding Binding) Operand(int k) =>
                !fused.Contains(node.Inputs[k]) ? (names[node.Inputs[k]], Binding.Atom) : depth > 1 ? Print(node.Inputs[k], depth - 1) : ("...", Binding.Atom);
            // Once: an operand printed twice at each level costs 2^depth.
            string In(int k, Binding outer) => Operand(k) is var (text, binding) && binding < outer ? $"({text})" : text;
            (string, Binding) Infix(string sign, Binding binding) => ($"{In(0, binding)} {sign} {In(1, sign is "+" or "*" ? binding : binding + 1)}", binding);
            return node.Op switch
            {
                "add" => Infix("+", Binding.Sum),
                "subtract" => Infix("-", Binding.Sum),
                "multiply" => Infix("*", Binding.Product),
                "divide" => Infix("/", Binding.Product),
                "less" => Infix("<", Binding.Comparison),
                "less_or_equal" => Infix("<=", Binding.Comparison),
                "equal" => Infix("==", Binding.Comparison),
                "negate" => ("-" + In(0, Binding.Atom), Binding.Product),
                "where" => ($"{In(0, Binding.Comparison)} ? {In(1, Binding.Comparison)} : {In(2, Binding.Comparison)}", Binding.Conditional),
                "literal" => (node.Attributes.Reals[0].ToString("G6", CultureInfo.InvariantCulture), node.Attributes.Reals[0] < 0 ? Binding.Product : Binding.Atom),
                "batch_count" => ("count", Binding.Atom),
                "iota" => ("position", Binding.Atom),
                "broadcast" => Operand(0),
                "contract" => ($"contract[{node.Attributes.Text}]({string.Join(", ", node.Inputs.Select((_, k) => Operand(k).Text))})", Binding.Atom),
                _ => ($"{node.Op}({string.Join(", ", node.Inputs.Select((_, k) => Operand(k).Text))})", Binding.Atom),
            };
        }
    }
}
