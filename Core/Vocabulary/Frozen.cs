namespace NNGen;

/// <summary>
/// A network used inside another one as it is: its parameters are not trained there, though gradients flow through it to what it is applied to.
/// </summary>
/// <typeparam name="T">The [Network] class.</typeparam>
/// <param name="Network">The network whose values are used.</param>
public readonly record struct Frozen<T>(T Network) where T : class;
