using static NNGen.Layers;

namespace NNGen.Tests.Networks;

/// <summary>Joins in joins, of parts that others read too, of one part twice and of the image itself; a shorter list of parts beside a longer one; slices of slices; and a join that is an output.</summary>
[Network]
public sealed partial class Joined
{
    static (Tensor Maps, Tensor Numbers) Forward([Shape(2, 6, 5)] Tensor image)
    {
        var a = image | Conv(8, 3, padding: 1) | Tanh;
        var b = a | Conv(8, 3, padding: 1) | Tanh;
        var inner = Concat(a, b);
        var c = inner | Conv(8, 3, padding: 1);
        var outer = Concat(image, inner, c, a);
        var half = outer | Slice(0, 6, 16);
        var d = half | Conv(8, 3, padding: 1) | Relu;
        var e = (half | Slice(0, 3, 8) | Conv(8, 3, padding: 1)) + d;
        var longer = Concat(c, d, e);
        var maps = Concat((Concat(c, d) | Conv(8, 3, padding: 1)), longer | Conv(8, 3, padding: 1), b);
        return (maps, Concat(outer | GlobalAveragePool | Flatten, e | GlobalAveragePool | Flatten | Tanh) | Dense(17) | Tanh | Dense(3));
    }

    static Scalar Loss(Tensor maps, Tensor numbers, [Classes(3)] Labels label) => CrossEntropy(numbers, label) + Mean(Square(maps - 0.5f));
}
