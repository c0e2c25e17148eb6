using System.CommandLine;

return new RootCommand("NNGen: the course, runnable.").Parse(args).Invoke();
