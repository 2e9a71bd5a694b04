namespace EsimFly.Dashboard.Projection.Erasing;

/// <summary>What is to be erased, by all the names that it has.</summary>
/// <param name="IsTest">True for test data.</param>
/// <param name="Iccids">The eSIMs.</param>
/// <param name="OrderKeys">The orders.</param>
/// <param name="OrderIds">Their ids.</param>
/// <param name="References">Their references, without those that other orders have too.</param>
internal sealed record ErasureSubject(
    bool IsTest,
    IReadOnlyList<string> Iccids,
    IReadOnlyList<string> OrderKeys,
    IReadOnlyList<string> OrderIds,
    IReadOnlyList<string> References
)
{
    /// <summary>Every name in it.</summary>
    public IEnumerable<string> Names => Iccids.Concat(OrderIds).Concat(References);
}
