using System.CommandLine;
using BenchmarkDotNet.Running;
using NNGen.Benchmarks.Generator;
using NNGen.Benchmarks.Peak;
using NNGen.Benchmarks.Versus;

var bdn = new Command("bdn", "Runs BenchmarkDotNet on the benchmark classes; what follows is for it: bdn --filter '*'.") { TreatUnmatchedTokensAsErrors = false };
bdn.SetAction(parsed =>
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. parsed.UnmatchedTokens]);
    return 0;
});
var root = new RootCommand("NNGen's benchmarks.") { GeneratorCommand.Create(), PeakCommand.Create(), VersusCommand.Create(), bdn };

var command = root.Parse(args);
if (command.Errors.Count > 0)
{
    Console.Error.WriteLine($"{command.Errors[0].Message}  (--help shows what there is)");
    return 2;
}
try
{
    return command.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
{
    Console.Error.WriteLine(fault.Message.ReplaceLineEndings(" "));
    return 2;
}
