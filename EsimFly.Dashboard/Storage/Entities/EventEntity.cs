using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What a delivery says, in one vocabulary for both contracts. Kept when the delivery's body is pruned.</summary>
internal sealed class EventEntity : IHasEnvironment
{
    /// <summary>The delivery that reported it: one event a delivery.</summary>
    public long DeliverySeq { get; set; }

    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>The delivery's <see cref="DeliveryEntity.BodyHash"/>: the last resort of the order of events.</summary>
    public required byte[] BodyHash { get; set; }

    /// <summary>What it says.</summary>
    public EventType Type { get; set; }

    /// <summary>The envelope's timestamp, Unix milliseconds; null where it is missing or cannot be read.</summary>
    public long? OccurredAtMs { get; set; }

    /// <summary>When the delivery arrived, Unix milliseconds: shown, never folded.</summary>
    public long ReceivedAtMs { get; set; }

    /// <summary>eSIMfly's order id.</summary>
    public string? OrderId { get; set; }

    /// <summary>The order's reference.</summary>
    public string? OrderReference { get; set; }

    /// <summary>The order that it belongs to: see <see cref="OrderEntity.OrderKey"/>.</summary>
    public string? OrderKey { get; set; }

    /// <summary>All else that it says, as JSON of <see cref="EventFacts"/>.</summary>
    public required string Facts { get; set; }
}
