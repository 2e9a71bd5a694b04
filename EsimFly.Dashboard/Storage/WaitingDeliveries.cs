using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The deliveries that are in the log and not yet in the read model, so that "did it arrive?" is answered while folding stands.
/// </summary>
internal sealed class WaitingDeliveries(LogEntries log, IDbContextFactory<ReadModelDbContext> readModels)
{
    // As a rule there is none; while a large log is projected, the latest are shown.
    private const int Most = 200;

    private const int CountUpTo = 10_000;

    /// <summary>How many log entries wait, up to 10,000, and when the oldest of them came (Unix milliseconds).</summary>
    public async Task<(int Count, long? OldestAtMs)> BacklogAsync(CancellationToken cancellationToken) =>
        await log.WaitingAsync(await PositionAsync(cancellationToken), CountUpTo, cancellationToken);

    /// <summary>The latest of them, latest first, as the read model would have them.</summary>
    public async Task<IReadOnlyList<DeliveryEntity>> ReadAsync(CancellationToken cancellationToken)
    {
        var position = await PositionAsync(cancellationToken);
        var entries = await log.LatestAfterAsync(position, Most, cancellationToken);
        return
        [
            .. entries
                .Where(entry => entry.Record.Kind is LogEntryKind.Delivery or LogEntryKind.Event && !entry.IsObservation)
                .Select(Describe),
        ];
    }

    /// <summary>One of them; null where there is none of that number.</summary>
    public async Task<DeliveryEntity?> FindAsync(long seq, CancellationToken cancellationToken)
    {
        var position = await PositionAsync(cancellationToken);
        return
            seq > position
            && await log.FindAsync(seq, cancellationToken)
                is { Record.Kind: LogEntryKind.Delivery or LogEntryKind.Event, IsObservation: false } entry
            ? Describe(entry)
            : null;
    }

    private async Task<long> PositionAsync(CancellationToken cancellationToken)
    {
        await using var context = await readModels.CreateDbContextAsync(cancellationToken);
        return await context.Position.Where(row => row.Id == 1).Select(row => row.Seq).FirstOrDefaultAsync(cancellationToken);
    }

    private static DeliveryEntity Describe(OpenedEntry entry)
    {
        var record = entry.Record;
        return new DeliveryEntity
        {
            Seq = record.Seq,
            IsTest = record.IsTest,
            BodyHash = record.BodyHash,
            DeliveryId = entry.DeliveryId,
            Contract = record.Contract,
            SignedForm = record.SignedForm,
            SecretId = record.SecretId,
            EventName =
                entry.Kept is { } kept ? kept.EventName
                : entry.Payload() is { } signed ? ScannedBody.Of(signed.Span).EventName
                : null,
            BodyBytes = entry.Kept?.BodyBytes ?? entry.Content.Body.Length,
            ReceivedAtMs = record.ReceivedAtMs,
            State = DeliveryState.Pending,
            Flags = record.Flags,
            Arrivals = 1,
        };
    }
}
