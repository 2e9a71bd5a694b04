namespace EsimFly.Dashboard.Desk.Health;

/// <summary>How real deliveries have fared over some time.</summary>
/// <param name="Received">Distinct deliveries that arrived.</param>
/// <param name="Processed">Of these: folded.</param>
/// <param name="Failed">Of these: failed, and tried again.</param>
/// <param name="Quarantined">Of these: signed, but unusable.</param>
/// <param name="Dead">Of these: failed too often.</param>
/// <param name="Duplicates">Requests that repeated one of these.</param>
/// <param name="Rejected">Requests that did not verify, as far as the bounded log of them goes back.</param>
/// <param name="ProcessTimes">From arrival to the end of processing.</param>
/// <param name="Backlog">How many wait to be processed now.</param>
/// <param name="BacklogOldestAtMs">Since when the oldest of them waits, Unix milliseconds.</param>
internal sealed record DeliveryStats(
    long Received,
    long Processed,
    long Failed,
    long Quarantined,
    long Dead,
    long Duplicates,
    long Rejected,
    ProcessTimes ProcessTimes,
    long Backlog,
    long? BacklogOldestAtMs
);
