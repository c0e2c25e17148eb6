using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private Flow Loop(ILoopOperation loop)
    {
        var outer = frame.Scope;
        frame.Scope = new Scope(outer);
        var flow = loop switch
        {
            IForEachLoopOperation each => ForEach(each),
            IForLoopOperation counted => For(counted),
            IWhileLoopOperation conditional => While(conditional),
            _ => Skip(loop),
        };
        frame.Scope = outer;
        return flow == Flow.Return ? Flow.Return : Flow.Next;
    }

    private Flow For(IForLoopOperation loop)
    {
        foreach (var statement in loop.Before)
            Execute(statement);
        while (true)
        {
            var condition = loop.Condition is null ? true : Evaluate(loop.Condition);
            if (condition is not bool goes)
                return Skip(loop);
            if (!goes)
                return Flow.Next;
            if (Execute(loop.Body) is var flow && flow is Flow.Return or Flow.Break)
                return flow;
            foreach (var statement in loop.AtLoopBottom)
                Execute(statement);
            Step(loop);
        }
    }

    private Flow While(IWhileLoopOperation loop)
    {
        for (var first = true; ; first = false)
        {
            if (loop.ConditionIsTop || !first)
            {
                if (Evaluate(loop.Condition) is not bool goes)
                    return Skip(loop);
                if (goes == loop.ConditionIsUntil)
                    return Flow.Next;
            }
            if (Execute(loop.Body) is var flow && flow is Flow.Return or Flow.Break)
                return flow;
            Step(loop);
        }
    }

    private Flow ForEach(IForEachLoopOperation loop)
    {
        var collection = Evaluate(loop.Collection);
        if (collection is null)
            throw Throws(loop.Collection, "NullReferenceException", "the collection is null");
        if (Elements(collection) is not { } elements)
        {
            if (collection is not Unknown)
                Unsupported(loop.Collection, $"iterating over {loop.Collection.Type?.ToDisplayString()}", "iterate over an array or a list");
            return Skip(loop);
        }
        foreach (var element in elements)
        {
            Step(loop);
            var outer = frame.Scope;
            frame.Scope = new Scope(outer);                     // a fresh variable each turn, for lambdas that keep it
            if (loop.LoopControlVariable is IVariableDeclaratorOperation variable)
                Declare(variable.Symbol, element is Unknown ? element : Converted(loop, element, variable.Symbol.Type));
            else
                Deconstruct(loop.LoopControlVariable, element, loop);
            var flow = Execute(loop.Body);
            frame.Scope = outer;
            if (flow is Flow.Return or Flow.Break)
                return flow;
        }
        return Flow.Next;
    }

    private Flow Switch(ISwitchOperation statement)
    {
        var value = Evaluate(statement.Value);
        if (value is Unknown)
            return Skip(statement);
        var outer = frame.Scope;
        frame.Scope = new Scope(outer);
        try
        {
            var chosen = statement.Cases.FirstOrDefault(section => section.Clauses.Any(clause => clause is not IDefaultCaseClauseOperation && Holds(clause, value)))
                ?? statement.Cases.FirstOrDefault(section => section.Clauses.Any(clause => clause is IDefaultCaseClauseOperation));
            foreach (var inner in chosen?.Body ?? [])
                switch (Execute(inner))
                {
                    case Flow.Break: return Flow.Next;
                    case Flow.Continue: return Flow.Continue;
                    case Flow.Return: return Flow.Return;
                }
            return Flow.Next;
        }
        finally
        {
            frame.Scope = outer;
        }
    }

    private bool Holds(ICaseClauseOperation clause, object? value) => clause switch
    {
        ISingleValueCaseClauseOperation single => Evaluate(single.Value) is var constant && constant is Unknown ? throw new Undecided() : Arithmetic.AreEqual(value, constant),
        IPatternCaseClauseOperation pattern => Matches(pattern.Pattern, value) && (pattern.Guard is null || Truth(Evaluate(pattern.Guard))),
        _ => Unsupported(clause, "this case", "use patterns") is null,
    };
}
