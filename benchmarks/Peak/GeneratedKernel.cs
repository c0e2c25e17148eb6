using System.Linq.Expressions;
using System.Reflection;

namespace NNGen.Benchmarks.Peak;

/// <summary>A kernel that the generator added to a network's class.</summary>
internal static class GeneratedKernel
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The kernel of a formula, which is known by the values that it reads and writes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="signature">Its name and the names of its operands, the result last: Conv1Relu(image, conv1Weight, conv1Bias, conv1Relu).</param>
    /// <exception cref="InvalidOperationException">The network has no such kernel.</exception>
    public static MethodInfo Find(Type network, string signature)
    {
        var kernels = (network.GetNestedType("Kernels", BindingFlags.NonPublic) ?? throw new InvalidOperationException($"{network.Name} has no kernels")).GetMethods(Any | BindingFlags.DeclaredOnly);
        return kernels.FirstOrDefault(kernel => Signature(kernel) == signature)
            ?? throw new InvalidOperationException($"{network.Name} has no kernel {signature}; it has {string.Join("; ", kernels.Select(Signature))}");
    }

    /// <summary>A call of a kernel that does turns of its outermost loop, from the first to before the last; all of them, whatever is said, where it has no such parameters.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="number">The values of its other numbers, by name.</param>
    /// <param name="operand">The operands by name.</param>
    public static Action<int, int> Bind(MethodInfo kernel, Func<string, int> number, Func<string, Floats> operand)
    {
        var (first, last) = (Expression.Parameter(typeof(int)), Expression.Parameter(typeof(int)));
        var arguments = kernel.GetParameters().Select(parameter => parameter switch
        {
            { Name: "first" } => (Expression)first,
            { Name: "last" } => last,
            { ParameterType.IsByRef: true } => Reference(operand(Name(parameter))),
            _ => Expression.Constant(number(parameter.Name!)),
        });
        return Expression.Lambda<Action<int, int>>(Expression.Call(kernel, arguments), first, last).Compile();
    }

    // Given to a parameter by reference, an element is its place.
    private static Expression Reference(Floats operand) =>
        Expression.ArrayAccess(Expression.Constant(operand.Array), Expression.Constant(operand.Start));

    /// <summary>The turns of a kernel's outermost loop: as many as it takes until all of its result is written.</summary>
    /// <exception cref="InvalidOperationException">They never write all of it.</exception>
    public static int Turns(Action<int, int> kernel, Span<float> result)
    {
        result.Fill(float.NaN);
        for (var (turn, open) = (0, result.Length); ; turn++)
        {
            kernel(turn, turn + 1);
            var left = 0;
            foreach (var number in result)
                left += float.IsNaN(number) ? 1 : 0;
            if (left == 0)
                return turn + 1;
            if (left == open)
                throw new InvalidOperationException($"{left} of {result.Length} numbers are not written");
            open = left;
        }
    }

    private static string Signature(MethodInfo kernel) => $"{kernel.Name}({string.Join(", ", Operands(kernel))})";

    /// <summary>The names of a kernel's operands, the result last.</summary>
    public static IReadOnlyList<string> Operands(MethodInfo kernel) => [.. kernel.GetParameters().Where(parameter => parameter.ParameterType.IsByRef).Select(Name)];

    // An operand that would be called as a local is has an underscore behind it.
    private static string Name(ParameterInfo parameter) => parameter.Name!.TrimEnd('_');
}
