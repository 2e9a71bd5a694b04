using System.Linq.Expressions;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Inbox;

/// <summary>The inbox as a queue: what waits, and what became of it.</summary>
internal sealed class DeliveryQueue(IDbContextFactory<DashboardDbContext> contexts, StorageWriter writer, InboxSignal signal)
{
    private static readonly Expression<Func<DeliveryEntity, ClaimedDelivery>> ToClaimed = row => new ClaimedDelivery(
        row.Seq, row.IsTest, row.BodyHash, row.Contract, row.SignedForm, row.SealedBody, row.SafeBody, row.ReceivedAtMs, row.Tries);

    /// <summary>The deliveries that wait, oldest first: those never tried, and those whose next try is due.</summary>
    public async Task<IReadOnlyList<ClaimedDelivery>> ReadWaitingAsync(int limit, long nowMs, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var pending = await context.Deliveries.AsNoTracking()
            .Where(row => row.State == DeliveryState.Pending)
            .OrderBy(row => row.Seq).Take(limit).Select(ToClaimed)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (pending.Count < limit)
        {
            pending.AddRange(await context.Deliveries.AsNoTracking()
                .Where(row => row.State == DeliveryState.Failed && row.NextTryAtMs <= nowMs)
                .OrderBy(row => row.Seq).Take(limit - pending.Count).Select(ToClaimed)
                .ToListAsync(cancellationToken).ConfigureAwait(false));
        }

        return pending;
    }

    /// <summary>How many wait, at most <paramref name="limit"/>, and since when the oldest does (Unix milliseconds).</summary>
    public async Task<(int Count, long? OldestReceivedAtMs)> BacklogAsync(int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var waiting = context.Deliveries.Where(row => row.State == DeliveryState.Pending);
        var count = await waiting.OrderBy(row => row.Seq).Take(limit).CountAsync(cancellationToken).ConfigureAwait(false);
        var oldest = await waiting.OrderBy(row => row.Seq).Select(row => (long?)row.ReceivedAtMs).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return (count, oldest);
    }

    /// <summary>Puts a dead or quarantined delivery back into the queue.</summary>
    /// <param name="seq">The delivery.</param>
    /// <param name="note">What to write in the same transaction.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False where there is none in that state.</returns>
    public async Task<bool> RequeueAsync(long seq, Action<WriteTransaction> note, CancellationToken cancellationToken)
    {
        var worlds = await writer.WriteAsync(
            transaction =>
            {
                var changed = transaction.Query(InboxSql.Requeue, static row => row.GetBoolean(0), seq);
                if (changed.Count > 0)
                {
                    note(transaction);
                }

                return changed;
            },
            cancellationToken).ConfigureAwait(false);
        signal.DeliveriesChanged(worlds.Select(isTest => (seq, isTest)));
        return worlds.Count == 1;
    }

    /// <summary>Within a transaction: the delivery is folded.</summary>
    public static void MarkProcessed(WriteTransaction transaction, long seq, long nowMs, DeliveryFlags flags) =>
        transaction.Execute(InboxSql.MarkProcessed, seq, nowMs, (int)flags);

    /// <summary>Within a transaction: the delivery can never be folded, for the reason given.</summary>
    public static void MarkQuarantined(WriteTransaction transaction, long seq, long nowMs, DeliveryFlags flags, string reason) =>
        transaction.Execute(InboxSql.MarkQuarantined, seq, nowMs, (int)flags, reason);

    /// <summary>Within a transaction: folding threw; it is tried again at <paramref name="nextTryAtMs"/>, or never where that is null.</summary>
    public static void MarkFailed(WriteTransaction transaction, long seq, long nowMs, long? nextTryAtMs, string error)
    {
        transaction.Execute(InboxSql.MarkFailed, seq, (int)(nextTryAtMs is null ? DeliveryState.Dead : DeliveryState.Failed), nextTryAtMs ?? 0, error);
        transaction.Execute(InboxSql.InsertFailedTry, seq, nowMs, error, nextTryAtMs);
    }
}
