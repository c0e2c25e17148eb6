using ILGPU;

namespace NNGen.Gpu;

/// <summary>
/// All memory of a network on the device, as every kernel is handed it. A value that the batch shares lies at a fixed place; the values of samples lie in the two
/// batched regions, one after the other, each with room for <see cref="Capacity"/> samples: a value before which p elements per sample lie begins at p * Capacity.
/// </summary>
public struct GpuArena
{
    /// <summary>Parameters, their gradient, buffers and what else does not depend on the sample.</summary>
    public ArrayView<float> Shared;

    /// <summary>Inputs, intermediate values and outputs of the samples.</summary>
    public ArrayView<float> Batched;

    /// <summary>Whole numbers and truth values (0 or 1) that the batch shares.</summary>
    public ArrayView<int> SharedIntegers;

    /// <summary>Labels, positions and truth values of the samples.</summary>
    public ArrayView<int> BatchedIntegers;

    /// <summary>The number of samples that this launch computes.</summary>
    public int Samples;

    /// <summary>The number of samples that there is room for.</summary>
    public int Capacity;
}

/// <summary>The elements that each region of an <see cref="GpuArena"/> needs, those of the batched ones per sample.</summary>
/// <param name="Shared">Real numbers that the batch shares.</param>
/// <param name="Batched">Real numbers per sample.</param>
/// <param name="SharedIntegers">Integers that the batch shares.</param>
/// <param name="BatchedIntegers">Integers per sample.</param>
public readonly record struct GpuArenaSize(long Shared, long Batched, long SharedIntegers, long BatchedIntegers);
