using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Intake.Log;

/// <summary>A verified request, ready to be kept.</summary>
internal sealed record NewDelivery
{
    /// <summary>What it is: a delivery, unless eSIMfly's API answered it.</summary>
    public LogEntryKind Kind { get; init; } = LogEntryKind.Delivery;

    /// <summary>True where the test secret signed it.</summary>
    public required bool IsTest { get; init; }

    /// <summary>SHA-256 of the signed bytes, 32 bytes.</summary>
    public required byte[] BodyHash { get; init; }

    /// <summary>The contract whose headers it has.</summary>
    public required ContractVersion Contract { get; init; }

    /// <summary>The form whose signature matched.</summary>
    public required SignedForm SignedForm { get; init; }

    /// <summary>The number of the secret that matched.</summary>
    public required int SecretId { get; init; }

    /// <summary>The body as received.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The headers as a JSON object in UTF-8, without credentials.</summary>
    public required byte[] Headers { get; init; }

    /// <summary>When the request came, Unix milliseconds.</summary>
    public required long ReceivedAtMs { get; init; }

    /// <summary>The sender's address.</summary>
    public required string? Address { get; init; }

    /// <summary>Whether it came from an address that is not on the allow-list.</summary>
    public bool AddressNotListed { get; init; }

    /// <summary>
    /// The HTTP status that the request was answered with when it came, where it was rejected then and verified only later; else null.
    /// </summary>
    public int? RejectedWith { get; init; }

    /// <summary>What was already seen to be odd.</summary>
    internal DeliveryFlags Flags =>
        (AddressNotListed ? DeliveryFlags.AddressNotListed : DeliveryFlags.None)
        | (RejectedWith is null ? DeliveryFlags.None : DeliveryFlags.Rescued);
}
