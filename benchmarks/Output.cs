using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace NNGen.Benchmarks;

/// <summary>Where figures go: a terminal, a JSON file.</summary>
internal static class Output
{
    /// <summary>The machine in words.</summary>
    public static string Machine =>
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}";

    /// <summary>The terminal; where the output goes into a file, tables need not fold.</summary>
    public static IAnsiConsole Terminal
    {
        get
        {
            var console = AnsiConsole.Console;
            if (Console.IsOutputRedirected)
                console.Profile.Width = 120;
            return console;
        }
    }

    /// <summary>Says so before anything is measured in vain.</summary>
    /// <exception cref="DirectoryNotFoundException">The file's folder is not there.</exception>
    public static void RequireFolder(FileInfo? file)
    {
        if (file is { Directory: { Exists: false } folder })
            throw new DirectoryNotFoundException($"no folder {folder.FullName} to write {file.Name} into");
    }

    /// <summary>Writes a report as JSON, whole or not at all; what is null is left out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="report">The report.</param>
    /// <param name="names">How its properties are called; as in C# when null.</param>
    public static void Write<T>(FileInfo file, T report, JsonNamingPolicy? names = null)
    {
        var options = new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = names, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        var beside = file.FullName + ".part";
        File.WriteAllText(beside, JsonSerializer.Serialize(report, options));
        File.Move(beside, file.FullName, overwrite: true);
    }

    /// <summary>Three significant digits, or whole.</summary>
    public static string Text(double number) =>
        number.ToString(Math.Abs(number) switch { < 0.1 => "0.0000", < 1 => "0.000", < 10 => "0.00", < 100 => "0.0", _ => "#,0" }, CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double share) => (100 * share).ToString(share < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";
}
