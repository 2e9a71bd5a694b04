using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>Empties the bodies that are older than they are to be kept, once an hour, a few at a time.</summary>
internal sealed partial class RetentionWorker(
    IDbContextFactory<DashboardDbContext> contexts, StorageWriter writer, TimeProvider time, ILogger<RetentionWorker> logger) : BackgroundService
{
    private const int AtOnce = 200;

    // Processed ones only: a delivery that could not be used may still be wanted.
    private const string Empty = """
        UPDATE "Deliveries" SET "SealedBody" = x'', "SafeBody" = NULL, "Headers" = '{}'
        WHERE "Seq" IN (
            SELECT "Seq" FROM "Deliveries"
            WHERE "ReceivedAtMs" >= @p0 AND "ReceivedAtMs" < @p1 AND "State" = 1 AND length("SealedBody") > 0
            ORDER BY "ReceivedAtMs" LIMIT @p2)
        """;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Empties what is due.</summary>
    /// <returns>How many bodies were emptied.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Retention set;
        RetentionMark mark;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false))
        {
            set = await Retention.Setting.ReadAsync(context, cancellationToken).ConfigureAwait(false);
            mark = await RetentionMark.Setting.ReadAsync(context, cancellationToken).ConfigureAwait(false);
        }

        var beforeMs = (time.GetUtcNow() - TimeSpan.FromDays(set.BodyDays)).ToUnixTimeMilliseconds();
        if (set.BodyDays == 0 || beforeMs <= mark.BodiesBeforeMs)
        {
            return 0;
        }

        var all = 0;
        int emptied;
        do
        {
            emptied = await writer.WriteAsync(transaction => transaction.Execute(Empty, mark.BodiesBeforeMs, beforeMs, AtOnce), cancellationToken).ConfigureAwait(false);
            all += emptied;
        }
        while (emptied == AtOnce);
        await writer.WriteAsync(transaction => RetentionMark.Setting.Write(transaction, new() { BodiesBeforeMs = beforeMs }), cancellationToken).ConfigureAwait(false);
        Log.Emptied(logger, all, set.BodyDays);
        return all;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
                await RunAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Log.Failed(logger, fault);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} bodies older than {Days} days were emptied.")]
        public static partial void Emptied(ILogger logger, int count, int days);

        [LoggerMessage(2, LogLevel.Error, "Old bodies could not be emptied; it is tried again in an hour.")]
        public static partial void Failed(ILogger logger, Exception fault);
    }
}
