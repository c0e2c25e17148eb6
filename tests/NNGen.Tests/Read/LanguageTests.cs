using NNGen.Tests.Support;

namespace NNGen.Tests.Read;

/// <summary>The C# that runs inside the compiler. Each snippet computes a number n; the network returns Dense(n).</summary>
public class LanguageTests
{
    [Theory]
    [MemberData(nameof(Statements))]
    [MemberData(nameof(Expressions))]
    [MemberData(nameof(Patterns))]
    [MemberData(nameof(Collections))]
    [MemberData(nameof(Linq))]
    [MemberData(nameof(Functions))]
    [MemberData(nameof(Objects))]
    [MemberData(nameof(Numbers))]
    public void Snippet_Evaluated_GivesItsNumber(int expected, string body, string members = "")
    {
        var parts = members.Split("// helpers");                                   // a file of their own
        var spec = TestCompiler.Spec([TestCompiler.Forward(body + "\nreturn x | Dense(n);", members: parts[0]), .. parts.Skip(1)]);

        Assert.Equal([expected], spec.Specialisations[0].Outputs[0].Sizes);
    }

    public static TheoryData<int, string, string> Statements => new()
    {
        { 6, "var n = 0; for (var i = 1; i <= 3; i++) n += i;", "" },
        { 6, "var n = 0; for (int i = 0, j = 3; i < j; i++) n += 2;", "" },
        { 10, "var n = 0; foreach (var k in new[] { 1, 2, 3, 4 }) n += k;", "" },
        { 3, "var n = 0; foreach (var c in \"abc\") n++;", "" },
        { 21, "var n = 0; foreach (var (a, b) in new[] { (1, 2), (3, 6) }) n += a * b + (a == 3 ? 1 : 0);", "" },
        { 8, "var n = 1; while (n < 8) n *= 2;", "" },
        { 2, "var n = 1; do n *= 2; while (n < 1);", "" },
        { 4, "var n = 0; while (true) { if (n == 4) break; n++; }", "" },
        { 5, "var n = 0; for (var i = 0; i < 10; i++) { if (i % 2 == 0) continue; n++; }", "" },
        { 7, "int n; if (x.Features == 4) n = 7; else n = 9;", "" },
        { 3, "int n; switch (x.Features) { case 1: case 2: n = 1; break; case > 3 and < 6: n = 3; break; default: n = 9; break; }", "" },
        { 9, "var n = 0; switch (\"b\") { case \"a\": n = 1; break; default: n = 9; break; }", "" },
        { 12, "var n = 0; for (var i = 0; i < 4; i++) { switch (i) { case 3: continue; } for (;;) { n += 4; break; } }", "" },
        { 5, "var (a, b) = (2, 3); (a, b) = (b, a); var n = a + b; _ = a;", "" },
        { 4, "int n = 2, m = n; n += m; { var inner = 1; n += inner - 1; }", "" },
        { 3, "int a, b; a = b = 3; var n = a;", "" },
        { 2, "var n = 1; try { n = 2; } finally { n += 0; }", "" },
        { 5, "var n = 0; try { throw new InvalidOperationException(\"five\"); } catch (ArgumentException) { n = 1; } catch (InvalidOperationException e) when (e.Message == \"five\") { n = 5; }", "" },
        { 3, "const int K = 3; var n = K;", "" },
        { 7, "var n = 0; foreach (var f in Fs()) n += f;", "static IEnumerable<int> Fs() { yield return 3; for (var i = 0; i < 2; i++) yield return 2; yield break; }" },
        { 3, "var n = Find(2); ", "static int Find(int k) { for (var i = 0; ; i++) if (i * i > k) return i + 1; }" },
    };

    public static TheoryData<int, string, string> Expressions => new()
    {
        { 3, "var n = x.Features > 2 && x.Rank == 1 || false ? 3 : 4;", "" },
        { 4, "string? s = null; var n = s?.Length ?? 4;", "" },
        { 3, "string? s = \"abc\"; var n = s?.Length ?? 4;", "" },
        { 5, "int? k = null; k ??= 5; var n = k.Value;", "" },
        { 2, "int? k = 2; var n = k is null ? 1 : k.HasValue ? (int)k : 0;", "" },
        { 6, "var n = 1; n++; ++n; n *= 2; n--; n += n > 0 ? 1 : 0; n |= 2;", "" },
        { 3, "var i = 1; var n = i++ + i;", "" },
        { 7, "var n = $\"{x.Features}x{1.5f:0.0}abc\".Length + (nameof(x).Length - 1) - 1;", "" },
        { 3, "var n = (1, 2) == (1, 2) ? 3 : 4;", "" },
        { 5, "var t = (A: 2, B: 3); t.A = 2; var n = t.A + t.Item2;", "" },
        { 4, "var n = (int)(PadMode.Replicate) * 2; ", "" },
        { 1, "var mode = x.Features == 4 ? PadMode.Reflect : PadMode.Zero; var n = mode == PadMode.Reflect ? 1 : 2;", "" },
        { 7, "var n = $\"{PadMode.Reflect}\".Length;", "" },
        { 4, "var n = default(int) + sizeof(int);", "" },
        { 8, "object o = 8; var n = o is int k ? k : 0;", "" },
        { 5, "var n = checked(2 + 3); n = unchecked(int.MaxValue + 1) < 0 ? n : 0;", "" },
        { 2, "var n = \"ab\" + \"c\" == \"abc\" ? 2 : 3;", "" },
        { 3, "var n = \"abcd\"[3] - 'a';", "" },
        { 2, "var n = (x.Features, true) switch { (4, true) => 2, _ => 1 };", "" },
        { 3, "var n = new Func<int>(() => 3)();", "" },
        { 6, "var n = 1 << 2 | 2;", "" },
        { 9, "long big = 3_000_000_000; var n = (int)(big / 1_000_000_000) * 3;", "" },
        { 65, "char c = 'A'; var n = c + 0;", "" },
        { 2, "byte b = 255; unchecked { b += 3; } var n = (int)b;", "" },
        { 1, "var n = typeof(int).Name == \"Int32\" ? 1 : 2;", "" },
        { 2, "var s = \"a,b\"; var n = s.Split(',').Length;", "" },
        { 4, "var name = \"\"; name += \"ab\"; name += 12; var n = name.Length;", "" },
    };

    public static TheoryData<int, string, string> Patterns => new()
    {
        { 2, "var n = x.Features switch { < 0 => 0, 0 => 1, > 0 and <= 4 => 2, _ => 3 };", "" },
        { 3, "var n = x.Features is not (1 or 2) ? 3 : 4;", "" },
        { 3, "var n = new[] { 1, 2, 3 } is [var first, .., var last] && first < last ? last : 0;", "" },
        { 5, "var n = new List<int> { 2, 3, 9 } is [2, .. var rest] ? rest[0] + 2 : 0;", "" },
        { 1, "var n = new int[0] is [] ? 1 : 2;", "" },
        { 7, "var n = (3, 4) is (var a, var b) ? a + b : 0;", "" },
        { 6, "var n = new Size(2, 3) is { W: 2, H: var h } ? h * 2 : 0;", "record Size(int W, int H);" },
        { 6, "var n = new Size(2, 3) is Size(2, var h) ? h * 2 : 0;", "record Size(int W, int H);" },
        { 4, "var n = x is { Rank: 1, Features: > 3 and var f } ? f : 0;", "" },
        { 4, "object o = 3.5f; var n = o switch { int => 1, string s => s.Length, float f when f > 3 => 4, _ => 9 };", "" },
        { 3, "object? o = null; var n = o is null ? 3 : o is string ? 1 : 2;", "" },
        { 2, "Shape s = new Circle(2); var n = s switch { Square q => q.Side, Circle { R: var r } => r, _ => 9 };", "abstract record Shape; record Circle(int R) : Shape; record Square(int Side) : Shape;" },
        { 3, "var n = \"abc\" is ['a', ..] and { Length: 3 } ? 3 : 0;", "" },
        { 8, "var n = (int?)8 is { } k ? k : 0;", "" },
        { 1, "var n = x is Tensor ? 1 : 2;", "" },
    };

    public static TheoryData<int, string, string> Collections => new()
    {
        { 9, "var a = new[] { 2, 3, 4 }; a[0] = 2; var n = a[0] + a[1] + a[^1];", "" },
        { 5, "var a = new int[3]; a[1] += 5; var n = a[0] + a[1];", "" },
        { 7, "int[] a = [1, 2, 3, 4]; var b = a[1..3]; var n = b.Length + b[0] + b[1];", "" },
        { 6, "int[] a = [1, 2]; int[] b = [..a, 3, ..a]; var n = b.Length + b[0];", "" },
        { 6, "int[][] a = [[1], [2, 3]]; var n = a[0].Length + a[1].Length + a[1][1];", "" },
        { 6, "var l = new List<int> { 1, 2 }; l.Add(3); l.Insert(0, 9); l.RemoveAt(0); var n = l.Count + l[2];", "" },
        { 4, "List<int> l = [5, 4]; l.Reverse(); l[1] = 0; var n = l[0];", "" },
        { 5, "var s = new Stack<int>(); s.Push(2); s.Push(3); var n = s.Pop() + s.Peek() * s.Count;", "" },
        { 3, "var s = new Stack<int>([1, 2, 3]); var n = s.First();", "" },
        { 2, "var q = new Queue<int>(); q.Enqueue(2); q.Enqueue(3); var n = q.Dequeue();", "" },
        { 7, "var d = new Dictionary<string, int> { [\"a\"] = 3, [\"b\"] = 4 }; var n = d[\"a\"] + (d.TryGetValue(\"b\", out var v) ? v : 0);", "" },
        { 5, "var d = new Dictionary<int, int>(); d[2] = 3; var n = 0; foreach (var (k, v) in d) n += k + v;", "" },
        { 3, "var h = new HashSet<int> { 1, 1, 2 }; var n = h.Count + (h.Add(2) ? 0 : 1);", "" },
        { 4, "ImmutableArray<int> a = [1, 3]; var n = a.Sum();", "" },
        { 3, "ReadOnlySpan<int> a = [1, 2]; var n = a.Length + a[0];", "" },
        { 2, "IReadOnlyList<int> a = [1, 2]; var n = a.Count;", "" },
        { 4, "var pile = new Stack<int>(); pile.Push(4); var n = pile.TryPop(out var top) && !pile.TryPop(out _) ? top : 0;", "" },
        { 6, "var a = new (int, int)[] { (1, 2), (3, 4) }; a[0].Item1 = 2; var n = a[0].Item1 + a[1].Item2;", "" },
    };

    public static TheoryData<int, string, string> Linq => new()
    {
        { 6, "var n = Enumerable.Range(1, 3).Sum();", "" },
        { 14, "var n = Enumerable.Range(1, 3).Select(i => i * i).Aggregate((a, b) => a + b);", "" },
        { 9, "var n = new[] { 1, 2, 3 }.Select((v, i) => v + i).Sum();", "" },
        { 6, "var n = Enumerable.Range(0, 5).Where(i => i % 2 == 0).Skip(0).Sum();", "" },
        { 8, "var n = new[] { 1, 2 }.Zip(new[] { 2, 3 }, (a, b) => a * b).Sum();", "" },
        { 5, "var n = new[] { 1, 2 }.Zip([2, 3]).Last() is var (a, b) ? a + b : 0;", "" },
        { 5, "var n = Enumerable.Repeat(1, 3).Concat([2]).Sum();", "" },
        { 3, "var n = new[] { 1, 2, 3 }.Reverse().First();", "" },
        { 2, "var n = new[] { 1, 2, 3 }.Any(v => v > 2) && new[] { 1 }.All(v => v == 1) ? 2 : 1;", "" },
        { 4, "var n = new[] { 4, 1 }.ToList().Max() * new[] { 4, 1 }.ToArray().Min();", "" },
        { 7, "var n = new[] { 3, 4 }.Aggregate(0, (a, b) => a + b, s => s);", "" },
        { 3, "var n = new[] { 1, 2, 3 }.Count(v => v > 0);", "" },
        { 4, "var n = new[] { 3, 1, 2 }.OrderBy(v => -v).Take(2).Last() * 2;", "" },
        { 10, "var n = new[] { new[] { 1, 2 }, [3, 4] }.SelectMany(v => v).Sum();", "" },
        { 3, "var n = new[] { 1, 2 }.Append(3).TakeLast(1).Single();", "" },
        { 9, "var n = 0; foreach (var (i, v) in new[] { 4, 5 }.Index()) n += i * v + (i == 0 ? 4 : 0);", "" },
        { 4, "var n = new[] { 1, 2, 3, 4, 5 }.Chunk(2).Count() + 1;", "" },
        { 1, "var n = new[] { 1, 2 }.FirstOrDefault(v => v > 5) + 1;", "" },
        { 3, "var n = (int)new[] { 2, 4 }.Average();", "" },
        { 2, "var n = Enumerable.Range(0, 1_000_000_000).Skip(1).Take(2).Last();", "" },
    };

    public static TheoryData<int, string, string> Functions => new()
    {
        { 120, "var n = Factorial(5);", "static int Factorial(int k) => k == 0 ? 1 : k * Factorial(k - 1);" },
        { 5, "var one = 1; var n = Local(4); int Local(int k) => k + one;", "" },
        { 3, "var n = Twice(1) + 1; int Twice(int k) { return k * 2; }", "" },
        { 7, "Func<int, int> f = k => k + 3; var n = f(4);", "" },
        { 4, "Func<int, Func<int, int>> add = a => b => a + b; var n = add(1)(3);", "" },
        { 6, "var fs = new List<Func<int>>(); foreach (var i in new[] { 1, 2, 3 }) fs.Add(() => i); var n = fs.Sum(f => f());", "" },
        { 9, "var fs = new List<Func<int>>(); for (var i = 0; i < 3; i++) fs.Add(() => i); var n = fs.Sum(f => f());", "" },
        { 3, "var n = 0; Action more = () => n++; more(); more(); more();", "" },
        { 5, "Change(out var n); Add(ref n, 2);", "static void Change(out int k) => k = 3; static void Add(ref int k, int by) => k += by;" },
        { 8, "var n = Pick(true, 8, 9);", "static T Pick<T>(bool first, T a, T b) => first ? a : b;" },
        { 6, "var n = Helpers.Three().Doubled();", "// helpers\npublic static class Helpers { public static int Three() => 3; public static int Doubled(this int k) => 2 * k; }" },
        { 4, "var n = Named(b: 1, a: 3);", "static int Named(int a, int b = 5) => a + b;" },
        { 8, "var n = Named(3);", "static int Named(int a, int b = 5) => a + b;" },
        { 6, "var n = Total(1, 2, 3);", "static int Total(params int[] all) => all.Sum();" },
        { 3, "var n = Total(1, 2);", "static int Total(params ReadOnlySpan<int> all) { var s = 0; foreach (var a in all) s += a; return s; }" },
        { 5, "var n = Width;", "static int Width => 5;" },
        { 5, "var n = Width + sizes[0];", "static readonly int Width = 2; static readonly int[] sizes = [3];" },
        { 5, "var n = Width;", "static int Width { get; } = 5;" },
        { 5, "var n = Width;", "static readonly int Width; static Net() { Width = 5; }" },
        { 8, "var n = Apply(Twice, 4);", "delegate int F(int k); static int Apply(F f, int k) => f(k); static int Twice(int k) => 2 * k;" },
        { 7, "var n = new[] { 3, 4 }.Select(Same).Sum();", "static int Same(int k) => k;" },
        { 10, "var n = Even(4) ? 10 : 1;", "static bool Even(int k) => k == 0 || Odd(k - 1); static bool Odd(int k) => k != 0 && Even(k - 1);" },
        { 6, "var n = Two.Tripled;", "const int Two = 2; // helpers\nstatic class More { extension(int k) { public int Tripled => 3 * k; } }" },
        { 6, "var n = Two.Times(3);", "const int Two = 2; // helpers\nstatic class More { extension(int k) { public int Times(int by) => by * k; } }" },
        { 3, "var n = Sum<Three>();", "interface INumber { static abstract int Value { get; } } struct Three : INumber { public static int Value => 3; } static int Sum<T>() where T : INumber => T.Value;" },
    };

    public static TheoryData<int, string, string> Objects => new()
    {
        { 5, "var n = new Block(2, 3).Total;", "record Block(int A, int B) { public int Total => A + B; }" },
        { 7, "var b = new Block(2, 3) with { A = 4 }; var n = b.A + b.B;", "record Block(int A, int B);" },
        { 3, "var n = new Block(1, 2) == new Block(1, 2) ? 3 : 4;", "record struct Block(int A, int B);" },
        { 5, "var (a, b) = new Block(2, 3); var n = a + b;", "record Block(int A, int B);" },
        { 6, "var o = new Options { Width = 2, Depth = 3 }; var n = o.Width * o.Depth;", "class Options { public int Width { get; init; } = 1; public int Depth { get; set; } }" },
        { 4, "var o = new Options(3); o.Grow(); var n = o.Width;", "class Options { public int Width; public Options(int w) { Width = w; } public void Grow() => Width++; }" },
        { 3, "var a = new P { V = 3 }; var b = a; b.V = 9; var n = a.V;", "struct P { public int V; }" },
        { 9, "var a = new P { V = 3 }; var b = a; b.V = 9; var n = a.V;", "class P { public int V; }" },
        { 4, "var p = new P(); p.Inc(); p.Inc(); var n = p.V + 2;", "struct P { public int V; public void Inc() => V++; }" },
        { 7, "Animal a = new Dog(); var n = a.Legs() + a.Base();", "abstract class Animal { public abstract int Legs(); public virtual int Base() => 1; } class Dog : Animal { public override int Legs() => 4; public override int Base() => base.Base() + 2; }" },
        { 5, "var n = new Adder(2).Add(3);", "class Adder(int by) { public int Add(int k) => k + by; }" },
        { 6, "var n = new V(1) + new V(2) is { K: var k } ? k * 2 : 0;", "record struct V(int K) { public static V operator +(V a, V b) => new(a.K + b.K); }" },
        { 4, "int n = new V(4);", "record struct V(int K) { public static implicit operator int(V v) => v.K; }" },
        { 5, "var o = new { A = 2, B = 3 }; var n = o.A + o.B;", "" },
        { 3, "var n = new Derived(3).A;", "record Base(int A); record Derived(int B) : Base(B);" },
        { 8, "IBlock b = new Wide(); var n = b.Width;", "interface IBlock { int Width { get; } } class Wide : IBlock { public int Width => 8; }" },
    };

    public static TheoryData<int, string, string> Numbers => new()
    {
        { 3, "var n = (int)Math.Sqrt(9.5);", "" },
        { 5, "var n = Math.Max(3, 5) + Math.Min(0, 2) + Math.Abs(0);", "" },
        { 8, "var n = (int)MathF.Pow(2, 3);", "" },
        { 4, "var n = (int)Math.Ceiling(3.2) + (int)MathF.Floor(0.5f);", "" },
        { 3, "var n = (int)Math.Round(2.6) + Math.Clamp(5, 0, 0);", "" },
        { 2, "var n = 7 / 3 % 4;", "" },
        { 3, "var half = 0.5; var n = (int)(half * 6);", "" },
        { 2, "var n = int.Parse(\"2\");", "" },
        { 1, "var n = float.NaN > 0 ? 2 : float.NaN == float.NaN ? 3 : 1;", "" },
        { 2, "uint u = 5; var n = (int)(u >> 1);", "" },
        { 4, "var n = -5 >>> 30; n += 1;", "" },
        { 7, "var n = 5 ^ 2; n &= ~8;", "" },
        { 3, "decimal d = 1.5m; var n = (int)(d * 2);", "" },
        { 5, "var n = (int)(10 * 0.5f);", "" },
    };
}
