using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Inbox;

/// <summary>A delivery that waits to be processed.</summary>
internal sealed record ClaimedDelivery(
    long Seq,
    bool IsTest,
    byte[] BodyHash,
    ContractVersion Contract,
    SignedForm SignedForm,
    byte[] SealedBody,
    string? SafeBody,
    long ReceivedAtMs,
    int Tries);
