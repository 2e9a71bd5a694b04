using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Projection;

/// <summary>What a delivery says, in the vocabulary of both contracts.</summary>
internal sealed record NormalisedEvent
{
    /// <summary>What it says.</summary>
    public required EventType Type { get; init; }

    /// <summary>The envelope's timestamp, Unix milliseconds; null where it is missing or cannot be read.</summary>
    public required long? OccurredAtMs { get; init; }

    /// <summary>eSIMfly's order id.</summary>
    public string? OrderId { get; init; }

    /// <summary>The order's reference.</summary>
    public string? OrderReference { get; init; }

    /// <summary>The eSIMs that it speaks of, each once, with the codes that it gave for it.</summary>
    public IReadOnlyList<(string Iccid, EsimCodes? Codes)> Esims { get; init; } = [];

    /// <summary>All else that it says.</summary>
    public required EventFacts Facts { get; init; }

    /// <summary>What is odd about it.</summary>
    public DeliveryFlags Flags { get; init; }
}
