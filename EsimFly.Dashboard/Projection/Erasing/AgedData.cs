using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Projection.Erasing;

/// <summary>
/// Ends what is kept for a period: codes of plans that are over, events of orders and eSIMs that nothing has been heard of, disabled
/// accounts, and the audit log. A few at a time; nothing else waits for it.
/// </summary>
internal sealed class AgedData(
    Eraser eraser,
    EntryReader reader,
    LogDatabase database,
    LogWriter log,
    IDbContextFactory<ReadModelDbContext> readModels,
    TimeProvider time
)
{
    private const int AtOnce = 100;

    private const string OldAccounts = """SELECT "Id" FROM "Accounts" WHERE "DisabledAtMs" < @p0""";

    private static readonly string[] OfAccount =
    [
        """DELETE FROM "AccountClaims" WHERE "UserId" = @p0""",
        """DELETE FROM "AccountLogins" WHERE "UserId" = @p0""",
        """DELETE FROM "AccountTokens" WHERE "UserId" = @p0""",
        """DELETE FROM "AccountPasskeys" WHERE "UserId" = @p0""",
        """DELETE FROM "OneTimeLinks" WHERE "AccountId" = @p0""",
        """DELETE FROM "Accounts" WHERE "Id" = @p0""",
    ];

    private const string HasOldAudit = """SELECT 1 FROM "Audit" WHERE "AtMs" < @p0 LIMIT 1""";

    /// <summary>Ends what is over.</summary>
    public async Task RunAsync(Retention set, CancellationToken cancellationToken)
    {
        if (set.CodeDays > 0)
        {
            await EndCodesAsync(Before(set.CodeDays), cancellationToken);
        }

        if (set.EventDays > 0)
        {
            await EndEventsAsync(Before(set.EventDays), cancellationToken);
        }

        await log.WriteAsync(transaction => EndPeople(transaction, set), cancellationToken);
    }

    private void EndPeople(WriteTransaction transaction, Retention set)
    {
        if (set.AccountDays > 0)
        {
            foreach (var id in transaction.Query(OldAccounts, static row => row.GetString(0), Before(set.AccountDays)))
            {
                foreach (var statement in OfAccount)
                {
                    transaction.Execute(statement, id);
                }
            }
        }

        if (set.AuditDays > 0 && transaction.Query(HasOldAudit, static row => row.GetInt64(0), Before(set.AuditDays)).Count > 0)
        {
            database.EndAudit(transaction, Before(set.AuditDays));
        }
    }

    private async Task EndCodesAsync(long beforeMs, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var readModel = await readModels.CreateDbContextAsync(cancellationToken);
            var over = await readModel
                .Esims.Where(row => row.CodesFrom != null && (row.ExpiredAtMs ?? row.ExpiresAtMs) < beforeMs)
                .OrderBy(row => row.Iccid)
                .Select(row => new { row.IsTest, row.Iccid })
                .Take(AtOnce)
                .ToListAsync(cancellationToken);
            if (over.Count == 0)
            {
                return;
            }

            var iccids = over.Select(row => row.Iccid).ToHashSet(StringComparer.Ordinal);
            var seqs = await readModel
                .EventEsims.Where(row => iccids.Contains(row.Iccid) && row.HasCodes)
                .Select(row => row.DeliverySeq)
                .Distinct()
                .ToListAsync(cancellationToken);
            var replaced = await eraser.ReplaceAsync(
                seqs,
                record => reader.WithoutCodes(record, iccids),
                isErased: false,
                cancellationToken
            );
            if (replaced == 0)
            {
                return; // the log has none of them
            }
        }
    }

    // Whole orders and eSIMs: a part of their events would fold to something that never was.
    private async Task EndEventsAsync(long beforeMs, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var readModel = await readModels.CreateDbContextAsync(cancellationToken);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var orders = readModel
                .Orders.Where(row =>
                    (row.LastEventAtMs ?? row.SortAtMs) < beforeMs
                    && !readModel.Esims.Any(esim =>
                        esim.IsTest == row.IsTest
                        && esim.OrderKey == row.OrderKey
                        && ((esim.LastEventAtMs ?? esim.SortAtMs) >= beforeMs || esim.ExpiresAtMs > now)
                    )
                )
                .Take(AtOnce);
            var esims = readModel
                .Esims.Where(row => row.OrderKey == null && (row.LastEventAtMs ?? row.SortAtMs) < beforeMs && !(row.ExpiresAtMs > now))
                .Take(AtOnce);
            var ofOrders = orders
                .SelectMany(order => readModel.Events.Where(row => row.IsTest == order.IsTest && row.OrderKey == order.OrderKey))
                .Select(row => row.DeliverySeq);
            var ofEsimsOfOrders = orders
                .SelectMany(order => readModel.Esims.Where(row => row.IsTest == order.IsTest && row.OrderKey == order.OrderKey))
                .SelectMany(esim => readModel.EventEsims.Where(row => row.IsTest == esim.IsTest && row.Iccid == esim.Iccid))
                .Select(row => row.DeliverySeq);
            var ofEsims = esims
                .SelectMany(esim => readModel.EventEsims.Where(row => row.IsTest == esim.IsTest && row.Iccid == esim.Iccid))
                .Select(row => row.DeliverySeq);
            var ofBalance = readModel.BalanceReadings.Where(row => row.OccurredAtMs < beforeMs).Select(row => row.DeliverySeq).Take(AtOnce);
            var seqs = new HashSet<long>();
            foreach (var some in new[] { ofOrders, ofEsimsOfOrders, ofEsims, ofBalance })
            {
                seqs.UnionWith(await some.ToListAsync(cancellationToken));
            }

            if (seqs.Count == 0)
            {
                return;
            }

            var replaced = 0;
            foreach (var some in seqs.Chunk(AtOnce))
            {
                replaced += await eraser.ReplaceAsync(some, reader.Forget, isErased: true, cancellationToken);
            }

            if (replaced == 0)
            {
                return; // the log has none of them
            }
        }
    }

    private long Before(int days) => (time.GetUtcNow() - TimeSpan.FromDays(days)).ToUnixTimeMilliseconds();
}
