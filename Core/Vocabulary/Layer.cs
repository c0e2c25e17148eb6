namespace NNGen;

/// <summary>
/// A layer is a function from tensor to tensor. What owns parameters is always a call (<c>Dense(10)</c>): its parameters are born when that call is
/// evaluated, and whoever holds the layer shares them. A bare name (<c>Relu</c>) owns nothing. Lambdas (<c>x | (t => t + 1)</c>) and one's own
/// methods <c>Tensor F(Tensor)</c> are layers too.
/// </summary>
/// <param name="x">The input, sizes of one sample.</param>
/// <returns>The output, sizes of one sample.</returns>
public delegate Tensor Layer(Tensor x);

/// <summary>Composition of layers.</summary>
public static class LayerOperators
{
    extension(Layer)
    {
        /// <summary>First one layer, then the other: <c>x | (f >> g)</c> is <c>g(f(x))</c>.</summary>
        /// <remarks>
        /// A method group cannot stand on the left (C# finds no operator for it): write <c>new Layer(F) >> g</c>. <c>f + g</c> is not a sum of
        /// layers; it combines delegates, and the compiler says so.
        /// </remarks>
        public static Layer operator >>(Layer first, Layer second) => Signature.Layer(">>");
    }
}
