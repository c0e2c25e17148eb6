using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private Flow Execute(IOperation? statement)
    {
        if (statement is null)
            return Flow.Next;
        Step(statement);
        switch (statement.Kind)
        {
            case OperationKind.Block: return Block((IBlockOperation)statement);
            case OperationKind.ExpressionStatement: Evaluate(((IExpressionStatementOperation)statement).Operation); return Flow.Next;
            case OperationKind.VariableDeclarationGroup: return Declarations((IVariableDeclarationGroupOperation)statement);
            case OperationKind.Conditional: return If((IConditionalOperation)statement);
            case OperationKind.Return: return Return((IReturnOperation)statement);
            case OperationKind.YieldReturn: frame.Yielded?.Add(Evaluate(((IReturnOperation)statement).ReturnedValue)); return Flow.Next;
            case OperationKind.YieldBreak: return Flow.Return;
            case OperationKind.Loop: return Loop((ILoopOperation)statement);
            case OperationKind.Switch: return Switch((ISwitchOperation)statement);
            case OperationKind.Branch: return Branch((IBranchOperation)statement);
            case OperationKind.Labeled: return Execute(((ILabeledOperation)statement).Operation);
            case OperationKind.LocalFunction: return Flow.Next;
            case OperationKind.Empty: return Flow.Next;
            case OperationKind.Try: return Try((ITryOperation)statement);
            case OperationKind.Using: return Execute(((IUsingOperation)statement).Body);
            case OperationKind.Throw: Throw((IThrowOperation)statement); return Flow.Next;
            case OperationKind.Invalid: throw new Undecided();
            default: Unsupported(statement, Describe(statement).Replace("expression", "statement"), "use conditions, loops and functions"); return Flow.Next;
        }
    }

    private Flow Block(IBlockOperation block)
    {
        var outer = frame.Scope;
        frame.Scope = new Scope(outer);
        DeclareFunctions(block);
        var flow = Flow.Next;
        foreach (var statement in block.Operations)
            if ((flow = Execute(statement)) != Flow.Next)
                break;
        frame.Scope = outer;
        return flow;
    }

    // A local function may be called above its declaration.
    private void DeclareFunctions(IBlockOperation block)
    {
        foreach (var statement in block.Operations)
        {
            var inner = statement;
            while (inner is ILabeledOperation label)
                inner = label.Operation;
            if (inner is ILocalFunctionOperation function)
                frame.Scope.Declare(function.Symbol, new Function.Closure(function.Symbol, function.Body ?? function.IgnoredBody, Captured(), isLocalFunction: true));
        }
    }

    private Flow Declarations(IVariableDeclarationGroupOperation group)
    {
        foreach (var declaration in group.Declarations)
            foreach (var declarator in declaration.Declarators)
                if ((declarator.Initializer ?? declaration.Initializer) is { } initializer)
                    Declare(declarator.Symbol, Evaluate(initializer.Value));
                else
                    frame.Scope.Declare(declarator.Symbol, Unknown.Value);
        return Flow.Next;
    }

    private void Declare(ILocalSymbol local, object? value) => frame.Scope.Declare(local, Hold(value, local.Name));

    private Flow If(IConditionalOperation statement) => Evaluate(statement.Condition) switch
    {
        true => Execute(statement.WhenTrue),
        false => Execute(statement.WhenFalse),
        _ => Skip(statement),
    };

    private Flow Return(IReturnOperation statement)
    {
        if (statement.ReturnedValue is { } value)
            frame.Returned = Evaluate(value);
        return Flow.Return;
    }

    private Flow Branch(IBranchOperation branch)
    {
        switch (branch.BranchKind)
        {
            case BranchKind.Break: return Flow.Break;
            case BranchKind.Continue: return Flow.Continue;
            default:
                Unsupported(branch, "goto", "use loops and conditions");
                throw new Undecided();
        }
    }

    /// <summary>
    /// Which way a statement would go is unknown, and why was said before: it is left out. What it could assign is unknown then; and so is where the
    /// function goes if the statement could leave it.
    /// </summary>
    private Flow Skip(IOperation statement)
    {
        foreach (var inner in statement.Descendants())
            switch (inner)
            {
                case IReturnOperation or IThrowOperation or IBranchOperation { BranchKind: BranchKind.GoTo }:
                case IBranchOperation { BranchKind: BranchKind.Break or BranchKind.Continue } branch when statement is IConditionalOperation && LeavesLoop(branch, statement):
                    throw new Undecided();
                case IAssignmentOperation assignment:
                    Forget(assignment.Target);
                    break;
                case IIncrementOrDecrementOperation increment:
                    Forget(increment.Target);
                    break;
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument:
                    Forget(argument.Value);
                    break;
                case IInvocationOperation { Instance: { } receiver }:
                    Forget(receiver);
                    break;
            }
        return Flow.Next;
    }

    private static bool LeavesLoop(IOperation branch, IOperation statement)
    {
        for (var parent = branch.Parent; parent is not null && parent != statement; parent = parent.Parent)
            if (parent is ILoopOperation or ISwitchOperation)
                return false;
        return true;
    }

    private void Forget(IOperation target)
    {
        switch (target)
        {
            case ITupleOperation tuple:
                foreach (var element in tuple.Elements)
                    Forget(element);
                break;
            case ILocalReferenceOperation local when frame.Scope.Find(local.Local) is { } cell && cell.Content is not Function:
                cell.Content = Unknown.Value;
                break;
            case IParameterReferenceOperation parameter when ParameterCell(parameter.Parameter) is { } cell && cell.Content is not Function:
                cell.Content = Unknown.Value;
                break;
            case IMemberReferenceOperation { Instance: { } instance }:
                Forget(instance);
                break;
            case IArrayElementReferenceOperation element:
                Forget(element.ArrayReference);
                break;
        }
    }

    private Flow Try(ITryOperation statement)
    {
        var (outerFrame, outerScope, outerPlace, outerDepth) = (frame, frame.Scope, place, depth);
        var flow = Flow.Next;
        if (!statement.Catches.IsEmpty)
            catching++;
        var inside = !statement.Catches.IsEmpty;
        try
        {
            flow = Execute(statement.Body);
        }
        catch (Raised raised) when (inside)
        {
            (frame, place, depth) = (outerFrame, outerPlace, outerDepth);
            frame.Scope = outerScope;
            catching--;
            inside = false;
            var clause = statement.Catches.FirstOrDefault(c => Catches(c, raised.Thrown)) ?? throw Uncaught(statement, raised);
            frame.Scope = new Scope(outerScope);
            if (clause.ExceptionDeclarationOrExpression is IVariableDeclaratorOperation variable)
                frame.Scope.Declare(variable.Symbol, raised.Thrown);
            flow = clause.Filter is null || Truth(Evaluate(clause.Filter)) ? Execute(clause.Handler) : throw Uncaught(statement, raised);
            frame.Scope = outerScope;
        }
        finally
        {
            if (inside)
                catching--;
        }
        return Execute(statement.Finally) is var last && last != Flow.Next ? last : flow;
    }

    private Exception Uncaught(IOperation statement, Raised raised) => Throws(statement, raised.Thrown.Name, raised.Thrown.Message, raised.Thrown.Type);

    private static bool Catches(ICatchClauseOperation clause, Thrown thrown) =>
        clause.ExceptionType is not { } type || type.Name is "Exception" or "Object" || type.Name == thrown.Name || Hierarchy(thrown.Type as INamedTypeSymbol).Any(t => t.Name == type.Name);

    private object? Throw(IThrowOperation operation)
    {
        var thrown = operation.Exception is null ? new Thrown(null, "Exception", "") : Evaluate(operation.Exception) switch
        {
            Thrown exception => exception,
            Instance instance => new Thrown(instance.Type, instance.Type.Name, instance.TryGet(instance.Type, out var message) && message is string text ? text : "an exception of the network's own"),
            _ => null,
        };
        throw thrown is null ? new Undecided() : Throws(operation, thrown.Name, thrown.Message, thrown.Type);
    }
}
