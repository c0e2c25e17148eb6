using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

/// <summary>What a delegate holds. A layer is a function from tensor to tensor; some own parameters.</summary>
internal abstract class Function
{
    private Function() { }

    /// <summary>A lambda with the variables it was made among, or a local function.</summary>
    public sealed class Closure(IMethodSymbol symbol, IOperation? body, Frame frame, bool isLocalFunction) : Function
    {
        public IMethodSymbol Symbol { get; } = symbol;
        public IOperation? Body { get; } = body;
        public Frame Frame { get; } = frame;
        public bool IsLocalFunction { get; } = isLocalFunction;
    }

    /// <summary>A method, with its receiver where it has one.</summary>
    public sealed class Method(IMethodSymbol symbol, object? receiver) : Function
    {
        public IMethodSymbol Symbol { get; } = symbol;
        public object? Receiver { get; } = receiver;
    }

    /// <summary>A layer of the vocabulary that owns nothing.</summary>
    public sealed class Pure(Func<Value, Value> apply) : Function
    {
        public Func<Value, Value> Apply { get; } = apply;
    }

    /// <summary>A layer that owns parameters. They are born with it; their shapes are known when it is first applied.</summary>
    public sealed class Owning(Owner owner, Func<Binding, Value, Value> apply) : Function
    {
        public Owner Owner { get; } = owner;
        public Func<Binding, Value, Value> Apply { get; } = apply;
    }

    /// <summary>One layer after the other, each with the place where it is written.</summary>
    public sealed class Composition(IReadOnlyList<(Function Function, Location At)> parts) : Function
    {
        public IReadOnlyList<(Function Function, Location At)> Parts { get; } = parts;
    }

    /// <summary>A function under a name of the user's.</summary>
    public sealed class Named(string name, Function inner, Location at) : Function
    {
        public string Name { get; } = name;
        public Function Inner { get; } = inner;
        public Location At { get; } = at;
    }

    /// <summary>Another network.</summary>
    public sealed class Network(Copy copy) : Function
    {
        public Copy Copy { get; } = copy;
    }
}
