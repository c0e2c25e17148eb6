namespace NNGen;

/// <summary>
/// Integer targets of a loss, each in [0, classes): one per sample, or one per pixel [H, W]. Where a <c>Loss</c> declares them, the parameter
/// carries <see cref="ClassesAttribute">[Classes(n)]</see>.
/// </summary>
public sealed class Labels
{
    private Labels()
    {
    }
}
