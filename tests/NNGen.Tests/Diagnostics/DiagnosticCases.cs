using NNGen.Tests.Support;

namespace NNGen.Tests.Diagnostics;

internal static class DiagnosticCases
{
    public static IEnumerable<(string Id, string Source, string Says)> All => Structure.Concat(Evaluation).Concat(Shapes).Concat(Gradients);

    static string Net(string members) => $$"""
        [Network]
        public sealed partial class Net
        {
            {{members}}
        }
        """;

    static string Body(string body, string parameters = "[Shape(4)] Tensor x", string members = "") => TestCompiler.Forward(body, parameters, members);

    const string Good = "static Tensor Forward([Shape(4)] Tensor x) => x | Dense(2);";

    static (string, string, string)[] Structure =>
    [
        ("NNG0001", "[Network] public partial class «Net» { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3); }", "set <LangVersion>14"),
        ("NNG0002", "[Network] class «Net» { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3); }", "Net must be partial"),
        ("NNG0002", "class «Outer» { [Network] partial class Net { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3); } }", "Outer must be partial"),
        ("NNG0003", "[Network] partial class «Net»<T> { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3); }", "Net is generic"),
        ("NNG0003", "[Network] static partial class «Net» { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3); }", "Net is static"),
        ("NNG0003", "[Network] abstract partial class «Net» { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3); }", "Net is abstract"),
        ("NNG0003", "[Network] partial record «Net» { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3); }", "Net is a record"),
        ("NNG0003", "class Base; [Network] partial class «Net» : Base { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(3); }", "Net is derived from Base"),
        ("NNG0004", "[Network] partial class «Net» { static Tensor Forwards([Shape(4)] Tensor x) => x | Dense(3); }", "static Tensor Forward([Shape(..)] Tensor x)"),
        ("NNG0005", Net(Good + "static Tensor «Forward»([Shape(5)] Tensor x, int n) => x | Dense(2);"), "more than one Forward"),
        ("NNG0005", Net(Good + "static Scalar Loss(Tensor y) => Sum(y); static Scalar «Loss»(Tensor y, int n) => Sum(y);"), "more than one Loss"),
        ("NNG0006", Net("Tensor «Forward»([Shape(4)] Tensor x) => x | Dense(2);"), "Forward must be static"),
        ("NNG0006", Net("static Tensor «Forward»<T>([Shape(4)] Tensor x) => x | Dense(2);"), "free of type parameters"),
        ("NNG0007", Net("static Tensor Forward([Shape(4)] Tensor x, int «width») => x | Dense(width);"), "a Tensor with a [Shape], or a network"),
        ("NNG0007", Net(Good + "static Scalar Loss(Tensor y, float «weight») => weight * Sum(y);"), "Loss's parameter weight must be"),
        ("NNG0008", Net("static «int» Forward([Shape(4)] Tensor x) => x.Features;"), "Forward must return Tensor, or a tuple of tensors, and it returns int"),
        ("NNG0008", Net(Good + "static «Tensor» Loss(Tensor y) => y;"), "Loss must return Scalar"),
        ("NNG0009", Net("static Tensor Forward(Tensor «image») => image | Dense(2);"), "[Shape(1, 28, 28)] Tensor image"),
        ("NNG0009", Net(Good + "static Scalar Loss(Tensor y, Tensor «target») => MeanSquaredError(y, target);"), "target needs the sizes of one sample"),
        ("NNG0010", Net("static Tensor Forward([«Shape(4, 0)»] Tensor x) => x | Dense(2);"), "sizes must be at least 1"),
        ("NNG0010", Net("static Tensor Forward([Shape(4)][«Shape(4)»] Tensor x) => x | Dense(2);"), "twice"),
        ("NNG0010", Net("static Tensor Forward([Shape(1, 2, 2)][Shape(1, 3, 3)][Shape(1, 4, 4)] Tensor x, [Shape(1, 2, 2)][Shape(1, 3, 3)] Tensor «y») => x + Sum(y);"), "give it one, or 3"),
        ("NNG0011", Net(Good + "static Scalar Loss(Tensor y, Labels «label») => CrossEntropy(y, label);"), "label needs [Classes(n)]"),
        ("NNG0011", Net(Good + "static Scalar Loss(Tensor y, [Classes(3)] Labels label) => CrossEntropy(«y», label);"), "[Classes(3)], and [2] has 2 classes"),
        ("NNG0011", Net(Good + "static Scalar Loss(Tensor y, [Classes(2), Shape(2)] Tensor «t») => MeanSquaredError(y, t);"), "[Classes] belongs to Labels"),
        ("NNG0012", Body("Layer f = Tanh, g = Relu; return x | («f + g»);"), "x => f(x) + g(x)"),
        ("NNG0012", Body("Layer f = Tanh; «f += Relu»; return x | f | Dense(2);"), "combines delegates"),
        ("NNG0013", Net("static Tensor Forward([Shape(4)] Tensor x, [Shape(4)] Tensor «y») => x | Dense(2);"), "y is passed in and influences nothing"),
        ("NNG0013", Net(Good + "static Scalar Loss(Tensor y, [Shape(4)] Tensor «target») => Sum(y);"), "target is passed in"),
        ("NNG0014", Net(Good + "[Metric] static Scalar «Size»(Tensor y) => Sum(y);"), "add a Loss"),
        ("NNG0014", Net(Good + "static Scalar Loss([Classes(2)] Labels «label», Tensor y) => Sum(y);"), "takes Forward's output first"),
        ("NNG0014", Net(Good + "static Scalar Loss(Tensor y) => Sum(y); [Metric] static Scalar M(Tensor y, Tensor «other») => Sum(other);"), "other is none of x"),
        ("NNG0015", Net(Good + "public int «Predict» => 3;"), "Predict is the name of a member that is generated"),
        ("NNG0016", Body("var conv1 = Dense(4); return x | conv1 | Reshape(4, 1, 1) | «Conv(2, 1)»;"), "conv1"),
        ("NNG0016", Body("return x | Named(\"a\", Dense(4)) | Named(«\"a\"», Dense(4));"), "called a"),
        ("NNG0016", Net("static Tensor Forward([Shape(4)] Tensor x, [Shape(4)] Tensor «X») => x + X;"), "Batch.X"),
        ("NNG0016", Net("static Tensor Forward([Shape(4)] Tensor «count») => count | Dense(2);"), "Batch.Count"),
        ("NNG0017", Body("var f = Dense(3); return x | f | «f»;"), "its weight is [3, 4] since its first application, and here it would have to be [3, 3]"),
        ("NNG0017", Body("var f = BatchNorm(); return x | f | Dense(2) | «f»;"), "make a second layer"),
        ("NNG0018", Net("static Tensor Forward([Shape(1, 4, 4)][Shape(1, 8, 8)] Tensor «x») => x | Flatten | Dense(2);"), "dense1.weight [2, 16] for the first [Shape] is dense1.weight [2, 64]"),
        ("NNG0019", Body("return x | «Use<string>()»;"), "String is none"),
        ("NNG0019", Body("return x | «Use<Net>()»;"), "Net uses itself"),
        ("NNG0019", Body("return x | «Use<Two>()»;") + "// next file\n[Network] partial class Two { static Tensor Forward([Shape(4)] Tensor a, [Shape(4)] Tensor b) => a + b; }", "one input and one output"),
    ];

    static (string, string, string)[] Evaluation =>
    [
        ("NNG0101", Body("var a = «new int[2, 2]»; return x | Dense(2);"), "an array of several dimensions cannot be evaluated while compiling; use an array of arrays"),
        ("NNG0101", Body("var i = 0; again: i++; if (i < 3) «goto again;» return x | Dense(2);"), "goto"),
        ("NNG0101", Body("dynamic d = 3; return x | «Dense(d)»;"), "dynamic"),
        ("NNG0102", Body("return x | Dense(«Environment.ProcessorCount»);"), "Environment.get_ProcessorCount is compiled in"),
        ("NNG0102", Body("var r = «new Random(1)»; return x | Dense(r.Next());"), "new Random"),
        ("NNG0103", Body("var i = 0; «while» (i >= 0) i = i == 0 ? 1 : 0; return x | Dense(2);"), "500,000 steps"),
        ("NNG0104", Body("return x | Dense(Again(1));", members: "static int Again(int k) => «Again(k + 1)»;"), "more than 200 deep"),
        ("NNG0105", Body("var a = new[] { 1, 2 }; return x | Dense(«a[2]»);"), "IndexOutOfRangeException: index 2 of 2 elements"),
        ("NNG0105", Body("return x | Dense(Checked(3));", members: "static int Checked(int n) { if (n % 2 != 0) «throw new ArgumentException(\"the width must be even\");» return n; }"), "ArgumentException: the width must be even"),
        ("NNG0105", Body("var n = x.Features - 4; return x | Dense(«8 / n»);"), "division by zero"),
        ("NNG0105", Body("var n = int.MaxValue - 4 + x.Features; return x | Dense(«n + 1»);"), "OverflowException"),
        ("NNG0105", Body("return x | Dense(«new List<int>().First()»);"), "InvalidOperationException"),
        ("NNG0105", Body("string? s = null; return x | Dense(«s.Length»);").Replace("s.Length", "s!.Length"), "NullReferenceException"),
        ("NNG0105", Body("return x | Dense(«x.Features switch { 1 => 2 }»);"), "no arm matches 4"),
        ("NNG0106", Body("for (var i = 0; i < 30_000; i++) x = «x + Constant([i + 0f])»; return x;"), "20,000 operations"),
        ("NNG0107", Body("return x | Dense(«Width»);", members: "static int Width = 3;"), "make it const or static readonly"),
        ("NNG0107", Body("«Count»++; return x | Dense(2);", members: "static int Count;"), "Count can change while the program runs"),
        ("NNG0107", Body("return x + «Bias»;", members: "static readonly Tensor Bias = Parameter([4]);"), "would run the vocabulary when the program starts"),
    ];

    static (string, string, string)[] Shapes =>
    [
        ("NNG1001", Body("return «x + (x | Dense(3))»;"), "add cannot combine [4] and [3]"),
        ("NNG1002", Body("return x | «Conv(2, 3)»;"), "Conv needs [channels, height, width], got [4]"),
        ("NNG1002", Body("return x | Dense(«x.Height»);"), "Height needs [channels, height, width], got [4]"),
        ("NNG1003", Body("return x | «Dense(2)»;", "[Shape(16, 5, 5)] Tensor x"), "Dense needs [features], got [16, 5, 5]; add Flatten"),
        ("NNG1004", Body("return x | «Conv(2, 7)»;", "[Shape(1, 5, 5)] Tensor x"), "a 7 x 7 kernel does not fit into [1, 5, 5]"),
        ("NNG1004", Body("return x | «MaxPool(7)»;", "[Shape(1, 5, 5)] Tensor x"), "a 7 x 7 window does not fit into [1, 5, 5]"),
        ("NNG1004", Body("var unit = Relu >> «Conv(2, 7)» >> Tanh; return x | unit;", "[Shape(1, 5, 5)] Tensor x"), "7 x 7"),
        ("NNG1005", Body("return x | «Conv(4, 3, groups: 2)»;", "[Shape(3, 5, 5)] Tensor x"), "the groups must divide both"),
        ("NNG1005", Body("return x | Conv(3, 3, groups: «2»);", "[Shape(4, 5, 5)] Tensor x"), "2 groups must divide the 3 channels"),
        ("NNG1006", Body("return x | «Reshape(3, 2)»;"), "Reshape to [3, 2] needs 6 elements, and [4] has 4"),
        ("NNG1006", Body("return x + Constant([1f, 2f], «3»);"), "needs 3 values, got 2"),
        ("NNG1007", Body("return «Sum(x, 1)»;"), "[4] has the axes 0 to 0"),
        ("NNG1007", Body("return x | Dense(x.Size(«2»));"), "the axes 0 to 0"),
        ("NNG1008", Body("return «Concat(x, y)»;", "[Shape(1, 4, 4)] Tensor x, [Shape(1, 5, 5)] Tensor y"), "equal in all other sizes"),
        ("NNG1009", Body("return x | «Dense(1_000_000_000)»;"), "more than 2^31 - 1"),
        ("NNG1009", Net("static Tensor Forward([«Shape(100_000, 100_000)»] Tensor x) => x;"), "more than 2^31 - 1"),
        ("NNG1009", Body("return «x + y»;", "[Shape(65536, 1)] Tensor x, [Shape(1, 65536)] Tensor y"), "more than 2^31 - 1"),
        ("NNG1010", Body("return x | Dense(«0»);"), "Dense: features must be at least 1, got 0"),
        ("NNG1010", Body("return x | BatchNorm(«2f»);"), "momentum must lie in (0, 1], got 2"),
        ("NNG1010", Body("return x | Named(«\"a b\"», Dense(2));"), "letters, digits"),
        ("NNG1011", Net(Good + "static Scalar Loss(Tensor y, [Shape(3)] Tensor t) => «MeanSquaredError(y, t)»;"), "got [2] and [3]"),
        ("NNG1011", Net("static Tensor Forward([Shape(4, 2, 2)] Tensor x) => x | Conv(3, 1); static Scalar Loss(Tensor y, [Classes(3)] Labels l) => «CrossEntropy(y, l)»;"), "add Flatten"),
        ("NNG1012", Body("return «MatMul(x, Parameter([3, 5]))»;"), "[4] and [3, 5]"),
        ("NNG1014", Body("return x + «BatchSum(BatchSum(x))»;"), "this one is shared by the batch"),
    ];

    static (string, string, string)[] Gradients =>
    [
        ("NNG2001", Net("static (Tensor A, Tensor B) Forward([Shape(4)] Tensor x) => (x | Dense(2), x | «Dense(3, bias: false)»); static Scalar Loss(Tensor a, Tensor b) => Sum(a);"), "does not reach the loss"),
        ("NNG2002", Net("static Tensor Forward([Shape(4)] Tensor x) => x | Dense(2) | «Step» | Dense(1); static Scalar Loss(Tensor y) => Sum(y);"), "zero everywhere"),
    ];
}
