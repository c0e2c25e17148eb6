using System.Globalization;

namespace NNGen.Tests.Core;

/// <summary>Runs a test where 1.5 is written 1,5.</summary>
internal static class Cultures
{
    public static T German<T>(Func<T> run)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new("de-DE");
        try
        {
            return run();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
