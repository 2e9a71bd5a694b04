using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection;

/// <summary>What a rebuild found.</summary>
/// <param name="Compared">How many rows were derived and compared.</param>
/// <param name="DifferenceCount">In how many fields they differed.</param>
/// <param name="Differences">The first thousand of those.</param>
/// <param name="IsApplied">Whether the read model that was built took the place of the one in use.</param>
internal sealed record RebuildReport(long Compared, int DifferenceCount, IReadOnlyList<RowDifference> Differences, bool IsApplied);
