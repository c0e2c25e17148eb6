using Microsoft.CodeAnalysis;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    /// <summary>What a member of the vocabulary means. Arguments that are unknown make an unknown result.</summary>
    private object? Speak(VocabularyRow row, VocabularyCall call) => call.IsKnown ? Grow(call.At, () => row.Meaning(call)) : Unknown.Value;

    internal object Compose(VocabularyCall call) =>
        Composed(call.Layer(0), First(call.Operation), call.Layer(1), call.At);

    // Evaluating f >> g is about g; f stands on the left of the same expression.
    private static Location First(IOperation right) =>
        right.Parent is Microsoft.CodeAnalysis.Operations.IBinaryOperation { LeftOperand: { } left } ? left.Syntax.GetLocation() : right.Syntax.GetLocation();
}
