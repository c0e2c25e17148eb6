Console.Error.WriteLine("usage: NNGen.Conformance gradients DIR");
return 2;
