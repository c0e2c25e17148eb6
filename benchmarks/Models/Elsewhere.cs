namespace Models;

/// <summary>A part of the user's project that has nothing to do with networks.</summary>
public static class Elsewhere
{
    public static int Answer() => 42;
}
