using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Erasing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Replaces the bodies that are older than they are to be kept by their events, sealed, so that everything can still be derived
/// from the log. Once an hour, a few at a time: a mark moves along the log in the transaction of each piece, so no entry is looked at
/// twice. Deliveries that could not be used have a period of their own.
/// </summary>
internal sealed partial class RetentionWorker(
    LogDatabase logDatabase,
    ReadModelDatabase readModel,
    IDbContextFactory<LogDbContext> logs,
    IDbContextFactory<ReadModelDbContext> readModels,
    LogWriter writer,
    EntryReader reader,
    Sealer sealer,
    ReadModelState state,
    AgedData aged,
    Leases leases,
    TimeProvider time,
    ILogger<RetentionWorker> logger
) : PeriodicWorker(time, logger)
{
    private const int AtOnce = 200;

    // An update may be rolled back within this time without rebuilding the read model.
    private static readonly TimeSpan Unused = TimeSpan.FromHours(12);

    /// <inheritdoc/>
    protected override TimeSpan UntilNext { get; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override TimeSpan AfterStart => UntilNext;

    /// <inheritdoc/>
    protected override bool IsOn => leases.IsLeader;

    /// <summary>Replaces what is due.</summary>
    /// <returns>How many bodies were replaced.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Retention set;
        RetentionMark mark;
        await using (var context = await logs.CreateDbContextAsync(cancellationToken))
        {
            set = await Retention.Setting.ReadAsync(context, cancellationToken);
            mark = await RetentionMark.Setting.ReadAsync(context, cancellationToken);
        }

        using var log = new LogTail(logDatabase);
        var replaced = 0;
        if (set.BodyDays > 0)
        {
            (mark, var skipped) = await RetrySkippedAsync(log, mark, cancellationToken);
            (mark, var walked) = await WalkAsync(log, mark, set.BodyDays, isUnusable: false, cancellationToken);
            replaced += skipped + walked;
        }

        if (set.UnusableDays > 0)
        {
            (_, var walked) = await WalkAsync(log, mark, set.UnusableDays, isUnusable: true, cancellationToken);
            replaced += walked;
        }

        await aged.RunAsync(set, cancellationToken);
        if (replaced > 0)
        {
            Log.Replaced(logger, replaced);
        }

        return replaced;
    }

    /// <inheritdoc/>
    protected override async Task TickAsync(CancellationToken stoppingToken)
    {
        await RunAsync(stoppingToken);
        await DropUnusedReadModelsAsync(stoppingToken);
    }

    /// <summary>Drops the read models of versions that no instance has had for a while.</summary>
    internal async Task DropUnusedReadModelsAsync(CancellationToken cancellationToken)
    {
        var since = (Time.GetUtcNow() - Unused).ToUnixTimeMilliseconds();
        await using var context = await logs.CreateDbContextAsync(cancellationToken);
        var inUse = await context
            .Instances.Where(row => row.SeenAtMs > since)
            .Select(row => row.ReadModelVersion)
            .Distinct()
            .ToListAsync(cancellationToken);
        readModel.DropUnused(inUse);
    }

    private async Task<(RetentionMark Mark, int Replaced)> WalkAsync(
        LogTail log,
        RetentionMark mark,
        int days,
        bool isUnusable,
        CancellationToken cancellationToken
    )
    {
        var beforeMs = (Time.GetUtcNow() - TimeSpan.FromDays(days)).ToUnixTimeMilliseconds();
        var replaced = 0;
        while (true)
        {
            // Only what the read model knows: an entry that waits may turn out to be of no use.
            var from = isUnusable ? mark.UnusableUpTo : mark.BodiesUpTo;
            var records = log.Read(from, state.Position, AtOnce).TakeWhile(record => record.ReceivedAtMs < beforeMs).ToList();
            if (records.Count == 0)
            {
                return (mark, replaced);
            }

            List<long> skipped = isUnusable ? [] : await ExceptionsAsync(records.ConvertAll(record => record.Seq), cancellationToken);
            var last = records[^1].Seq;
            mark = isUnusable
                ? mark with
                {
                    UnusableUpTo = last,
                    Skipped = [.. mark.Skipped.Where(seq => seq > last)],
                }
                : mark with
                {
                    BodiesUpTo = last,
                    Skipped = [.. mark.Skipped.Concat(skipped).TakeLast(RetentionMark.MostSkipped)],
                };
            replaced += await ReplaceAsync(records.Where(record => !skipped.Contains(record.Seq)), mark, isUnusable, cancellationToken);
        }
    }

    // Those that could not be used when the mark passed them, and have been processed since.
    private async Task<(RetentionMark Mark, int Replaced)> RetrySkippedAsync(
        LogTail log,
        RetentionMark mark,
        CancellationToken cancellationToken
    )
    {
        if (mark.Skipped.Count == 0)
        {
            return (mark, 0);
        }

        var still = await ExceptionsAsync([.. mark.Skipped], cancellationToken);
        var due = mark.Skipped.Except(still).Select(log.Find).OfType<LogRecord>().ToList();
        mark = mark with { Skipped = still };
        return (mark, due.Count == 0 ? 0 : await ReplaceAsync(due, mark, isUnusable: false, cancellationToken));
    }

    private async Task<List<long>> ExceptionsAsync(List<long> seqs, CancellationToken cancellationToken)
    {
        await using var context = await readModels.CreateDbContextAsync(cancellationToken);
        return await context
            .Deliveries.Where(row => seqs.Contains(row.Seq) && row.State != DeliveryState.Processed)
            .Select(row => row.Seq)
            .ToListAsync(cancellationToken);
    }

    private async Task<int> ReplaceAsync(
        IEnumerable<LogRecord> records,
        RetentionMark mark,
        bool isUnusable,
        CancellationToken cancellationToken
    )
    {
        var replacements = records.Select(record => Replacement(record, isUnusable)).OfType<LogReplacement>().ToList();
        return await writer.WriteAsync(
            transaction =>
            {
                LogRecord.Replace(transaction, replacements);
                RetentionMark.Setting.Write(transaction, mark);
                return replacements.Count(item => item.Kind == LogEntryKind.Event);
            },
            cancellationToken
        );
    }

    private LogReplacement? Replacement(LogRecord record, bool isUnusable)
    {
        if (record.Kind == LogEntryKind.Repeat)
        {
            // Of a repeat the id alone is needed.
            var id = reader.Read(record).DeliveryId;
            var headers = HeaderJson.Write(WebhookHeaders.DeliveryId(record.Contract), id);
            return new(record, LogEntryKind.Repeat, sealer.Seal(LogContent.Join(headers, []), SealPurpose.LogEntry, record.BodyHash));
        }

        return reader.Keep(record, isUnusable) is { } kept
            ? new(record, LogEntryKind.Event, sealer.Seal(kept.Pack(), SealPurpose.LogEvent, record.BodyHash))
            : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} bodies that were kept for long enough were replaced by their events.")]
        public static partial void Replaced(ILogger logger, int count);
    }
}
