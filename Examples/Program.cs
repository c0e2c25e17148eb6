using System.CommandLine;
using NNGen;
using NNGen.Examples;

var lenet5 = LeNet5Command.Create();
var root = new RootCommand("NNGen's examples: the course, runnable. Without a command, LeNet-5 is trained on drawn digits.") { lenet5 };

var parsed = root.Parse(args.Length == 0 ? ["lenet5"] : args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"{parsed.Errors[0].Message}  (--help shows what there is)");
    return 2;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
{
    Console.Error.WriteLine(fault.Message.ReplaceLineEndings(" "));
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("cancelled; what was saved after the last whole epoch is kept");
    return 130;
}
