using System.Globalization;

namespace NNGen.Generators.Read;

internal static partial class Library
{
    private static IEnumerable<KeyValuePair<string, LibraryMember>> Mathematics
    {
        get
        {
            foreach (var type in new[] { "Math", "MathF", "Int32", "Int64", "Single", "Double" })
            {
                foreach (var (name, function) in Unary)
                    yield return new($"{type}.{name}", call => call.Result(function(Real(call[0]))));
                foreach (var (name, function) in Binary)
                    yield return new($"{type}.{name}", call => call.Result(function(Real(call[0]), Real(call[1]))));
                yield return new($"{type}.Max", call => Arithmetic.Compare(call[0], call[1]) >= 0 ? call[0] : call[1]);
                yield return new($"{type}.Min", call => Arithmetic.Compare(call[0], call[1]) <= 0 ? call[0] : call[1]);
                yield return new($"{type}.Clamp", call => Arithmetic.Compare(call[0], call[1]) < 0 ? call[1] : Arithmetic.Compare(call[0], call[2]) > 0 ? call[2] : call[0]);
                yield return new($"{type}.Abs", call => call[0] switch
                {
                    float x => Math.Abs(x),
                    double x => Math.Abs(x),
                    decimal x => Math.Abs(x),
                    var x => call.Result(Math.Abs(Arithmetic.ToLong(x))),
                });
                yield return new($"{type}.Sign", call => Math.Sign(Real(call[0])));
                yield return new($"{type}.Log", call => call.Result(call.Count == 2 ? Math.Log(Real(call[0])) / Math.Log(Real(call[1])) : Math.Log(Real(call[0]))));
                yield return new($"{type}.Round", Round);
                yield return new($"{type}.DivRem", call => call.Count == 2 && call[0] is int a && call[1] is int b ? new TupleValue([a / b, a % b]) : Unknown.Value);
                yield return new($"{type}.IsPow2", call => Arithmetic.ToLong(call[0]) is var x && x > 0 && (x & (x - 1)) == 0);
                yield return new($"{type}.IsEvenInteger", call => Real(call[0]) % 2 == 0);
                yield return new($"{type}.IsOddInteger", call => Math.Abs(Real(call[0]) % 2) == 1);
                yield return new($"{type}.IsNaN", call => double.IsNaN(Real(call[0])));
                yield return new($"{type}.IsInfinity", call => double.IsInfinity(Real(call[0])));
                yield return new($"{type}.Parse", call => call[0] is string text && call.Count == 1
                    ? call.Result(decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)) : Unknown.Value);
                yield return new($"{type}.ToString", call => call.Receiver is IFormattable number ? number.ToString(call.Count > 0 ? call[0] as string : null, CultureInfo.InvariantCulture) : Unknown.Value);
                yield return new($"{type}.CompareTo", call => Arithmetic.Compare(call.Receiver, call[0]) ?? (object)Unknown.Value);
                yield return new($"{type}.Equals", call => Equals(call.Receiver, call[0]));
            }
            yield return new("BitOperations.Log2", call => (int)Math.Floor(Math.Log(Real(call[0]), 2)));
            yield return new("BitOperations.IsPow2", call => Arithmetic.ToLong(call[0]) is var x && x > 0 && (x & (x - 1)) == 0);
        }
    }

    private static (string, Func<double, double>)[] Unary =>
    [
        ("Sqrt", Math.Sqrt), ("Cbrt", x => Math.Sign(x) * Math.Pow(Math.Abs(x), 1 / 3.0)), ("Exp", Math.Exp), ("Log2", x => Math.Log(x) / Math.Log(2)), ("Log10", Math.Log10),
        ("Sin", Math.Sin), ("Cos", Math.Cos), ("Tan", Math.Tan), ("Asin", Math.Asin), ("Acos", Math.Acos), ("Atan", Math.Atan),
        ("Sinh", Math.Sinh), ("Cosh", Math.Cosh), ("Tanh", Math.Tanh), ("Floor", Math.Floor), ("Ceiling", Math.Ceiling), ("Truncate", Math.Truncate),
    ];

    private static (string, Func<double, double, double>)[] Binary =>
    [
        ("Pow", Math.Pow), ("Atan2", Math.Atan2), ("IEEERemainder", Math.IEEERemainder),
    ];

    private static object? Round(LibraryCall call)
    {
        var digits = call.Count > 1 && call.Method.Parameters[1].Name is "digits" or "decimals" ? call.Int(1) : 0;
        var mode = call.Count > 1 && call[call.Count - 1] is int last && call.Method.Parameters[call.Count - 1].Type.Name == "MidpointRounding" ? (MidpointRounding)last : MidpointRounding.ToEven;
        return call.Result(Math.Round(Real(call[0]), digits, mode));
    }

    private static double Real(object? number) => Convert.ToDouble(number is char c ? (int)c : number, CultureInfo.InvariantCulture);
}
