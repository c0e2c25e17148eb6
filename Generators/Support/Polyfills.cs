using Microsoft.CodeAnalysis;

// Types that the C# 14 compiler looks up by name and netstandard2.0 lacks. They carry no behaviour beyond what the language needs.
// [Embedded] hides them from the tests, which see this assembly's internals and would find each of these types twice.

namespace Microsoft.CodeAnalysis
{
    [Embedded]
    internal sealed class EmbeddedAttribute : Attribute;
}

namespace System
{
    /// <summary>A position from the start or, as <c>^1</c>, from the end.</summary>
    [Embedded]
    internal readonly struct Index : IEquatable<Index>
    {
        readonly int encoded;                           // from the end: the complement

        public Index(int value, bool fromEnd = false) =>
            encoded = value < 0 ? throw new ArgumentOutOfRangeException(nameof(value), value, "An index is zero or more.") : fromEnd ? ~value : value;

        public static Index Start => new(0);
        public static Index End => new(0, fromEnd: true);
        public int Value => encoded < 0 ? ~encoded : encoded;
        public bool IsFromEnd => encoded < 0;

        public int GetOffset(int length) => IsFromEnd ? length - Value : Value;

        public bool Equals(Index other) => encoded == other.encoded;
        public override bool Equals(object? value) => value is Index other && Equals(other);
        public override int GetHashCode() => encoded;

        public static implicit operator Index(int value) => new(value);
    }

    /// <summary>A half-open range, <c>start..end</c>.</summary>
    [Embedded]
    internal readonly record struct Range(Index Start, Index End)
    {
        public static Range All => new(Index.Start, Index.End);
        public static Range StartAt(Index start) => new(start, Index.End);
        public static Range EndAt(Index end) => new(Index.Start, end);

        public (int Offset, int Length) GetOffsetAndLength(int length)
        {
            var (start, end) = (Start.GetOffset(length), End.GetOffset(length));
            return 0 <= start && start <= end && end <= length
                ? (start, end - start)
                : throw new ArgumentOutOfRangeException(nameof(length), length, $"The range {start}..{end} does not lie within the length.");
        }
    }
}

namespace System.Diagnostics.CodeAnalysis
{
    [AttributeUsage(AttributeTargets.Constructor)]
    [Embedded]
    internal sealed class SetsRequiredMembersAttribute : Attribute;

    [AttributeUsage(AttributeTargets.Parameter)]
    [Embedded]
    internal sealed class NotNullWhenAttribute(bool returnValue) : Attribute
    {
        public bool ReturnValue => returnValue;
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>Marks <c>init</c> setters.</summary>
    [Embedded]
    internal static class IsExternalInit;

    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
    [Embedded]
    internal sealed class RequiredMemberAttribute : Attribute;

    [AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
    [Embedded]
    internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
    {
        public string FeatureName => featureName;
        public bool IsOptional { get; init; }
    }

    /// <summary>Names the method that makes a collection from <c>[a, b, ..c]</c>.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
    [Embedded]
    internal sealed class CollectionBuilderAttribute(Type builderType, string methodName) : Attribute
    {
        public Type BuilderType => builderType;
        public string MethodName => methodName;
    }

    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
    [Embedded]
    internal sealed class InterpolatedStringHandlerAttribute : Attribute;

    [AttributeUsage(AttributeTargets.Parameter, Inherited = false)]
    [Embedded]
    internal sealed class InterpolatedStringHandlerArgumentAttribute(params string[] arguments) : Attribute
    {
        public InterpolatedStringHandlerArgumentAttribute(string argument) : this([argument]) { }

        public string[] Arguments => arguments;
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    [Embedded]
    internal sealed class CallerArgumentExpressionAttribute(string parameterName) : Attribute
    {
        public string ParameterName => parameterName;
    }
}
