namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>
/// Something that somebody should look at, from when it was found until it is over. At most one that is not over of each kind and key.
/// </summary>
internal sealed class AlertEntity
{
    /// <summary>A sequence number: higher was raised later.</summary>
    public long Id { get; set; }

    /// <summary>What it is.</summary>
    public AlertKind Kind { get; set; }

    /// <summary>Which one: an order's id or reference, an ICCID, an event name; empty where there can be but one.</summary>
    public required string Key { get; set; }

    /// <summary>How pressing it is now.</summary>
    public AlertLevel Level { get; set; }

    /// <summary>The latest that it rests on, as a number that grows: when it grows, an acknowledgement lapses.</summary>
    public long Stamp { get; set; }

    /// <summary>What it is about, as JSON of <see cref="AlertFacts"/>.</summary>
    public required string Facts { get; set; }

    /// <summary>When it was raised, Unix milliseconds.</summary>
    public long RaisedAtMs { get; set; }

    /// <summary>When it was found to be over, Unix milliseconds.</summary>
    public long? EndedAtMs { get; set; }

    /// <summary>When someone took note of it, Unix milliseconds.</summary>
    public long? AcknowledgedAtMs { get; set; }

    /// <summary>Who took note of it, an e-mail address.</summary>
    public string? AcknowledgedBy { get; set; }
}
