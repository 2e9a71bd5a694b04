namespace EsimFly.Dashboard.Contract;

/// <summary>The webhook contracts that eSIMfly has published. Stored as numbers: never renumber.</summary>
#pragma warning disable CA1707 // The underscore stands for the dash of the published name: 2025-11, not 202511.
public enum ContractVersion
{
    /// <summary>Published November 2025: <c>X-eSIMfly-*</c> headers, a bare hexadecimal signature, eight events.</summary>
    V2025_11 = 1,

    /// <summary>Published April 2026: <c>X-Webhook-*</c> headers, a <c>sha256=</c> signature over the raw body, eSIM events.</summary>
    V2026_04 = 2,
}
#pragma warning restore CA1707
