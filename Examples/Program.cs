using System.CommandLine;
using NNGen;
using NNGen.Examples;

var lenet5 = LeNet5Command.Create();
var root = new RootCommand("NNGen's examples: the course, runnable. Without a command, LeNet-5 is trained on drawn digits.") { lenet5 };

var parsed = root.Parse(args.Length == 0 ? ["lenet5"] : args);
if (parsed.Errors.Count > 0)
{
    var fault = parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is no command or option." : parsed.Errors[0].Message;
    Console.Error.WriteLine($"{fault}  (--help shows what there is)");
    return 2;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
{
    Console.Error.WriteLine(e.Message.ReplaceLineEndings(" "));
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("cancelled; what was saved after the last whole epoch is kept");
    return 130;
}
