namespace NNGen;

/// <summary>
/// Thrown when a member of the vocabulary (a layer, a tensor operator, a loss) is called while the program runs. The compiler reads such calls
/// in a <see cref="NetworkAttribute">[Network]</see>'s functions while the project builds; they compute nothing by themselves.
/// </summary>
public sealed class VocabularyException : InvalidOperationException
{
    /// <summary>The exception for a call of one member.</summary>
    /// <param name="member">The member's name as a user writes it, for example <c>Dense</c>.</param>
    public VocabularyException(string member)
        : base($"{member} has meaning only inside a [Network]'s Forward, Loss or [Metric]: it is compiled with the class, never called while the "
             + "program runs. Call the members generated for the network (Predict, Gradient, Evaluate) instead.") => Member = member;

    /// <summary>The vocabulary member that was called.</summary>
    public string Member { get; }
}

/// <summary>The bodies of all vocabulary members.</summary>
internal static class Signature
{
    /// <summary>The exception that the body of a member throws.</summary>
    public static VocabularyException Only(string member) => new(member);

    /// <summary>A layer that can be made and stored at run time (a static field is), and throws when it is called.</summary>
    public static Layer Layer(string member) => _ => throw new VocabularyException(member);
}
