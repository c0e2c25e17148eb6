using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;
using TorchTensor = TorchSharp.torch.Tensor;

namespace NNGen.Benchmarks.Versus.Torch;

/// <summary>Several networks of the same input, their outputs one after the other along the channels.</summary>
internal sealed class Concatenation : Network
{
    private readonly ModuleList<Network> branches;

    public Concatenation(params Network[] branches) : base(nameof(Concatenation))
    {
        this.branches = ModuleList(branches);
        RegisterComponents();
    }

    public override TorchTensor forward(TorchTensor x) => torch.cat([.. branches.Select(branch => branch.call(x))], 1);
}

/// <summary>A network added to a shortcut of its input, then ReLU.</summary>
internal sealed class Residual : Network
{
    private readonly Network unit, shortcut;

    public Residual(Network unit, Network shortcut) : base(nameof(Residual))
    {
        (this.unit, this.shortcut) = (unit, shortcut);
        RegisterComponents();
    }

    public override TorchTensor forward(TorchTensor x) => unit.call(x).add_(shortcut.call(x)).relu_();
}
