using System.CommandLine;
using NNGen.Conformance;
using NNGen.Conformance.Cases;
using NNGen.Conformance.Running;

Argument<string> folder = new("DIR") { Description = "A folder of cases: folders with case.json and data.safetensors." };
Option<string> only = new("--case") { Description = "Runs only the case of that name." };
Option<bool> show = new("--show") { Description = "Prints the C# source that is written for each case." };
Option<bool> keepGoing = new("--keep-going") { Description = "Goes on after a case that failed (the default).", DefaultValueFactory = _ => true };
Command gradients = new("gradients", "Compares gradients, losses, optimisers and short trainings with libtorch's.") { folder, only, show, keepGoing };
gradients.SetAction(arguments => Run(arguments.GetValue(folder)!, arguments.GetValue(only), arguments.GetValue(show), arguments.GetValue(keepGoing)));
RootCommand root = new("Compares NNGen with reference values that other libraries computed.") { gradients };

var parsed = root.Parse(args);
if (parsed.Errors.Count == 0)
    return parsed.Invoke();
Console.Error.WriteLine($"{parsed.Errors[0].Message} Usage: NNGen.Conformance gradients DIR [--case NAME] [--show]");
return 2;

static int Run(string folder, string? only, bool show, bool keepGoing)
{
    try
    {
        if (show)
            foreach (var source in Gradients.Read(folder, only).Select(Gradients.Source).Where(source => source.Length > 0))
                Console.WriteLine(source);
        var outcomes = new List<Outcome>();
        foreach (var outcome in Gradients.Run(folder, only))
        {
            Console.WriteLine(outcome);
            outcomes.Add(outcome);
            if (!keepGoing && outcome is Outcome.Failed)
                break;
        }

        var (failed, unsupported) = (outcomes.Count(o => o is Outcome.Failed), outcomes.OfType<Outcome.Unsupported>().ToArray());
        Console.WriteLine($"{outcomes.Count(o => o is Outcome.Passed)} passed, {failed} failed, {unsupported.Length} unsupported");
        if (unsupported.Length > 0)
            Console.WriteLine($"unsupported: {string.Join(", ", unsupported.Select(o => o.Name))}");
        return failed > 0 ? 1 : 0;
    }
    catch (CaseException fault)
    {
        Console.Error.WriteLine(fault.Message);
        return 2;
    }
}
