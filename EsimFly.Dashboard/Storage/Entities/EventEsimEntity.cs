namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>An eSIM that an event speaks of.</summary>
internal sealed class EventEsimEntity
{
    /// <summary>The event.</summary>
    public long DeliverySeq { get; set; }

    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>The eSIM.</summary>
    public required string Iccid { get; set; }

    /// <summary>Whether the event gave activation codes for it. The codes themselves are in the log alone.</summary>
    public bool HasCodes { get; set; }
}
