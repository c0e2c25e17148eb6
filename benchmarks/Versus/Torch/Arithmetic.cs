using TorchSharp;
using TorchSharp.Modules;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;
using TorchTensor = TorchSharp.torch.Tensor;

namespace NNGen.Benchmarks.Versus.Torch;

/// <summary>
/// The direct arithmetic of a network's convolutions and dense layers on one batch, in floating-point operations (a multiply-add is two). Everything else (activations,
/// normalisation, pooling, loss, optimiser) counts nothing, and what padding multiplies counts.
/// </summary>
/// <param name="Predict">Of a prediction.</param>
/// <param name="Train">Of a train step: as much for the output, the gradient of the weights and, wherever something trainable lies before the layer, the gradient of its input.</param>
internal sealed record Arithmetic(double Predict, double Train)
{
    /// <summary>Counts while the network runs once.</summary>
    public static Arithmetic Of(Network network, TorchTensor input)
    {
        var counted = new Arithmetic(0, 0);
        var hooks = network.modules().OfType<Network>().Select(layer => (Layer: layer, Weight: WeightOf(layer))).Where(found => found.Weight is not null)
            .Select(found => found.Layer.register_forward_hook((_, x, y) =>
            {
                // Each weight meets every place of the output, or of the input where the convolution is transposed.
                var places = found.Layer is ConvTranspose2d ? x : y;
                var flops = 2.0 * places.numel() * (found.Weight!.numel() / found.Weight.shape[0]);
                counted = new(counted.Predict + flops, counted.Train + flops * (x.requires_grad ? 3 : 2));
                return y;
            })).ToArray();
        using (torch.NewDisposeScope())
            network.call(input);
        foreach (var hook in hooks)
            hook.remove();
        return counted;
    }

    private static TorchTensor? WeightOf(Network layer) => layer switch
    {
        Conv2d convolution => convolution.weight,
        ConvTranspose2d transposed => transposed.weight,
        Linear linear => linear.weight,
        _ => null,
    };
}
