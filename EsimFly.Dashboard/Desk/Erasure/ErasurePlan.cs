namespace EsimFly.Dashboard.Desk.Erasure;

/// <summary>What an erasure will remove.</summary>
/// <param name="Iccids">The eSIMs.</param>
/// <param name="OrderNames">The orders' ids and references; empty where a single eSIM goes.</param>
/// <param name="Deliveries">Deliveries whose bodies go.</param>
/// <param name="Refused">Refused requests that go.</param>
/// <param name="Backups">Backups in the data folder, which still have it, sealed.</param>
public sealed record ErasurePlan(IReadOnlyList<string> Iccids, IReadOnlyList<string> OrderNames, int Deliveries, int Refused, int Backups);
