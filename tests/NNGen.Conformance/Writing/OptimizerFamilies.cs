using NNGen.Conformance.Cases;

namespace NNGen.Conformance.Writing;

/// <summary>Optimisers of Core, with PyTorch's defaults where a case is silent.</summary>
internal static class OptimizerFamilies
{
    public static readonly Family[] Table =
    [
        new("optim_sgd",   ["lr", "momentum", "nesterov", "weight_decay", "weight_decay_L2"],  from => Write(Of("Sgd", from.Attributes))),
        new("optim_adam",  ["lr", "beta1", "beta2", "eps", "weight_decay", "weight_decay_L2"], from => Write(Of("Adam", from.Attributes))),
        new("optim_adamw", ["lr", "beta1", "beta2", "eps", "weight_decay", "decoupled_weight_decay"], from => Write(Of("AdamW", from.Attributes))),
        .. new[] { "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "LBFGS" }.Select(name =>
            new Family(
                $"optim_{name.ToLowerInvariant()}", ["lr", "alpha", "eps", "momentum", "centered", "weight_decay"], _ => Write(Of(name, Attributes.None)))),
    ];

    /// <summary>The optimiser of that kind and these settings.</summary>
    /// <exception cref="UnsupportedException">Core has none of that kind.</exception>
    public static Optimizer Of(string kind, Attributes settings)
    {
        var (rate, penalty) = (settings.Number(1e-3, "lr"), settings.Number(0, "weight_decay_L2", "weight_decay"));
        var (beta1, beta2, epsilon) = (settings.Number(0.9, "beta1"), settings.Number(0.999, "beta2"), settings.Number(1e-8, "eps"));
        return kind.ToUpperInvariant() switch
        {
            "SGD" => new Sgd(rate, settings.Number(0, "momentum"), settings.Flag("nesterov", false), penalty),
            "ADAM" => new Adam(rate, beta1, beta2, epsilon, penalty),
            "ADAMW" => new AdamW(rate, beta1, beta2, epsilon, settings.Number(0.01, "decoupled_weight_decay", "weight_decay")),
            _ => throw new UnsupportedException($"Core has Sgd, Adam and AdamW, not {kind}"),
        };
    }

    private static Writing.Optimisation Write(Optimizer optimizer) => new(optimizer);
}
