namespace EsimFly.Dashboard.Projection;

/// <summary>What a rebuild found.</summary>
/// <param name="Folded">How many rows were folded and compared.</param>
/// <param name="DifferenceCount">In how many fields they differed.</param>
/// <param name="Differences">The first thousand of those.</param>
/// <param name="IsApplied">Whether what differed was written.</param>
internal sealed record RebuildReport(int Folded, int DifferenceCount, IReadOnlyList<RowDifference> Differences, bool IsApplied);
