using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private object? ObjectCreation(IObjectCreationOperation operation)
    {
        if (operation.Constructor is not { } constructor)
            return operation.Type is { IsValueType: true } ? Initialised(operation.Initializer, Default(operation.Type)) : Unknown.Value;
        var (arguments, cells, writeBack) = Arguments(operation.Arguments, constructor);
        var type = operation.Type as INamedTypeSymbol ?? constructor.ContainingType;
        object? created;
        if (IsOurs(constructor))
            created = Create(Resolve(type) as INamedTypeSymbol ?? type, constructor, arguments, cells, operation);
        else if (reading.Row(constructor) is { } row)
            created = Speak(row, new VocabularyCall(this, constructor, null, arguments, operation, operation.Arguments));
        else if (type.Name == "Frozen" && Vocabulary.IsCore(type))
            created = Unsupported(operation, "new Frozen", $"declare the parameter as {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}");
        else if (Hierarchy(type).Any(t => t is { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }))
            created = arguments.Contains(Unknown.Value) ? Unknown.Value : new Thrown(type, type.Name, Message(constructor, arguments));
        else
            created = arguments.Contains(Unknown.Value) ? Unknown.Value
                : Library.Create(type, arguments, this) ?? Refuse(operation, "NNG0102", $"new {type.Name}", type.ContainingAssembly?.Name ?? "");
        writeBack?.Invoke();
        return Initialised(operation.Initializer, created);
    }

    // ArgumentException's message comes first; ArgumentOutOfRangeException's and ArgumentNullException's come behind the parameter's name.
    private static string Message(IMethodSymbol constructor, object?[] arguments) =>
        constructor.Parameters.FirstOrDefault(p => p.Name == "message")?.Ordinal is { } at && at < arguments.Length && arguments[at] is string message ? message
        : arguments.OfType<string>().FirstOrDefault() ?? "no message";

    private object? Initialised(IObjectOrCollectionInitializerOperation? initializer, object? created)
    {
        if (initializer is null || created is Unknown)
            return created;
        var cell = new Cell(created);
        receivers.Push(cell);
        foreach (var inner in initializer.Initializers)
            if (inner is IMemberInitializerOperation member)
                Nested(member);
            else
                Evaluate(inner);
        receivers.Pop();
        return cell.Content;
    }

    private void Nested(IMemberInitializerOperation member) => Initialised(member.Initializer, Evaluate(member.InitializedMember));

    private object? AnonymousObject(IAnonymousObjectCreationOperation operation)
    {
        if (operation.Type is not INamedTypeSymbol type)
            return Unknown.Value;
        var instance = new Instance(type);
        foreach (var initializer in operation.Initializers.OfType<ISimpleAssignmentOperation>())
            if (initializer.Target is IPropertyReferenceOperation property)
                instance.Set(property.Property, Evaluate(initializer.Value));
        return instance;
    }

    private object? TypeParameterObject(ITypeParameterObjectCreationOperation operation) =>
        operation.Type is { } parameter && Resolve(parameter) is INamedTypeSymbol type && IsOurs(type)
        && type.InstanceConstructors.FirstOrDefault(c => c.Parameters.IsEmpty) is { } constructor
            ? Initialised(operation.Initializer, Create(type, constructor, [], null, operation))
            : Unsupported(operation, "this object", "make an object of a class or record of your own");

    private object? With(IWithOperation operation)
    {
        var value = Evaluate(operation.Operand);
        return Initialised(operation.Initializer, value is Instance instance ? instance.Copy() : value is TupleValue ? value : Unknown.Value);
    }

    /// <summary>An object with all fields at their defaults.</summary>
    private Instance Blank(INamedTypeSymbol type)
    {
        var instance = new Instance(type);
        foreach (var declaring in Hierarchy(type))
            foreach (var member in declaring.GetMembers())
                if (member is IFieldSymbol { IsStatic: false } field)
                    instance.Set(field.AssociatedSymbol ?? field, Default(field.Type));
        return instance;
    }

    private object? Create(INamedTypeSymbol type, IMethodSymbol constructor, object?[] arguments, Cell?[]? cells, IOperation operation)
    {
        if (type.IsAbstract || type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
            return Unknown.Value;
        var instance = new Cell(Blank(type));
        Construct(instance, constructor, arguments, cells, operation);
        return instance.Content;
    }

    /// <summary>What a constructor does: field initialisers, the base's constructor, its own body; all of them see the parameters of a primary one.</summary>
    private void Construct(Cell self, IMethodSymbol constructor, object?[] arguments, Cell?[]? cells, IOperation operation)
    {
        if (depth >= DepthLimit)
            throw Spent(operation.Syntax.GetLocation(), "NNG0104", DepthLimit);
        var definition = constructor.OriginalDefinition;
        if (!IsOurs(definition) || self.Content is not Instance instance)
        {
            if (self.Content is Instance thrown && Message(constructor, arguments) is var message)
                thrown.Set(thrown.Type, message);                                // an exception of the user's: its message
            return;
        }
        var scope = new Scope(null);
        Bind(scope, definition.Parameters, arguments, cells);
        var declaration = definition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(reading.Cancellation);
        var isPrimary = declaration is TypeDeclarationSyntax && !definition.IsImplicitlyDeclared;
        var outer = frame;
        depth++;
        frame = new Frame(scope, self, Types(constructor));
        try
        {
            if (isPrimary)
            {
                instance.Primary = scope;
                foreach (var parameter in definition.Parameters)
                    if (definition.ContainingType.IsRecord && definition.ContainingType.GetMembers(parameter.Name).OfType<IPropertySymbol>().FirstOrDefault() is { } property)
                        ((Instance)self.Content).Set(property, scope.Find(parameter)!.Content);
            }
            var body = isPrimary || definition.IsImplicitlyDeclared ? null : reading.Body(definition) as IConstructorBodyOperation;
            var chained = body?.Initializer as IExpressionStatementOperation;
            if (chained?.Operation is not IInvocationOperation { TargetMethod: var next } || !SymbolEqualityComparer.Default.Equals(next.ContainingType.OriginalDefinition, definition.ContainingType.OriginalDefinition))
                InitializeFields((Instance)self.Content, definition.ContainingType);
            if (chained?.Operation is IInvocationOperation call)
            {
                var (values, refs, _) = Arguments(call.Arguments, call.TargetMethod);
                Construct(self, call.TargetMethod, values, refs, operation);
            }
            else if (isPrimary && PrimaryBase((TypeDeclarationSyntax)declaration!) is { } baseCall)
            {
                var (values, refs, _) = Arguments(baseCall.Arguments, baseCall.TargetMethod);
                Construct(self, baseCall.TargetMethod, values, refs, operation);
            }
            else if (definition.ContainingType.BaseType is { } parent && IsOurs(parent) && parent.InstanceConstructors.FirstOrDefault(c => c.Parameters.IsEmpty) is { } basic)
                Construct(self, basic, [], null, operation);
            if (body is not null)
                Execute(body.BlockBody ?? body.ExpressionBody);
        }
        finally
        {
            depth--;
            frame = outer;
        }
    }

    private IInvocationOperation? PrimaryBase(TypeDeclarationSyntax declaration) =>
        declaration.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } syntax ? reading.Operation(syntax) as IInvocationOperation : null;

    private void InitializeFields(Instance instance, INamedTypeSymbol type)
    {
        foreach (var member in type.OriginalDefinition.GetMembers())
            if (!member.IsStatic && member is IFieldSymbol { AssociatedSymbol: null, IsConst: false } or IPropertySymbol && !member.IsStatic && reading.Initializer(member) is { } initializer)
                instance.Set(member, Evaluate(initializer));
    }
}
