using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>An alert as pages show it.</summary>
public sealed record AlertRow(
    long Id,
    AlertKind Kind,
    string Key,
    AlertLevel Level,
    long Stamp,
    string FactsJson,
    long RaisedAtMs,
    long? EndedAtMs,
    long? AcknowledgedAtMs,
    string? AcknowledgedBy
)
{
    /// <summary>What it is about.</summary>
    public AlertFacts Facts { get; } = AlertFacts.FromJson(FactsJson);

    /// <summary>Whether it is neither acknowledged nor over.</summary>
    public bool IsNews => AcknowledgedAtMs is null && EndedAtMs is null;
}
