namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>Where the processing of a delivery stands. Stored as numbers: never renumber.</summary>
public enum DeliveryState
{
    /// <summary>In the log, beyond the position of the read model: shown from there, never stored.</summary>
    Pending = 0,

    /// <summary>Folded.</summary>
    Processed = 1,

    /// <summary>Folding threw; it is tried again.</summary>
    Failed = 2,

    /// <summary>Folding threw too often; a person may requeue it.</summary>
    Dead = 3,

    /// <summary>Signed, but nothing that can be used: not JSON, no known event, wrong types.</summary>
    Quarantined = 4,
}
