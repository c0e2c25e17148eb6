namespace NNGen;

/// <summary>One sample's random numbers, drawn one after the other.</summary>
internal sealed class DigitDraw(CounterRandom random)
{
    private ulong next;

    public int Below(int limit) => random.Below(next++, limit);

    public double Between(double low, double high) => random.Uniform(next++, low, high);

    public double Normal(double deviation) => deviation * random.Normal(next++);
}
