using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Simulator;

/// <summary>All test data: how much there is of it, and its end.</summary>
internal sealed class TestData(
    AccessGuard guard,
    AuditLog audit,
    LogWriter log,
    ReadModelWriter desk,
    DeliveryLog deliveryLog,
    ChangeNotifier notifier,
    IDbContextFactory<ReadModelDbContext> desks,
    IDbContextFactory<LogDbContext> logs
)
{
    private const int AtOnce = 500;

    private const string NextDeliveries = """SELECT "Seq" FROM "Deliveries" WHERE "IsTest" ORDER BY "Seq" LIMIT @p0""";

    private const string EntriesOfDelivery = """SELECT "Id" FROM "Arrivals" WHERE "DeliverySeq" = @p0""";

    // The last entry keeps its number taken: see LogEntryKind.Removed.
    private const string RemoveEntry =
        """DELETE FROM "Log" WHERE "Seq" = @p0 AND "IsTest" = TRUE AND "Seq" < (SELECT MAX("Seq") FROM "Log")""";

    private static readonly string EmptyLastEntry = $"""
        UPDATE "Log" SET "Kind" = {LogEntryKind.Removed:D}, "Address" = NULL, "FirstSeq" = NULL, "Sealed" = @p1
            WHERE "Seq" = @p0 AND "IsTest" = TRUE
        """;

    private const string RemoveCount = """DELETE FROM "RepeatCounts" WHERE "Seq" = @p0""";

    // What belongs to a delivery goes with it.
    private static readonly string[] OfDelivery =
    [
        """DELETE FROM "Arrivals" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "FailedTries" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "EventEsims" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "Events" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "TopUps" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "BalanceReadings" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "Deliveries" WHERE "Seq" = @p0""",
    ];

    // What no delivery is left of.
    private static readonly string[] Rest =
    [
        """DELETE FROM "Orders" WHERE "IsTest" = TRUE""",
        """DELETE FROM "Esims" WHERE "IsTest" = TRUE""",
        """DELETE FROM "MinuteTallies" WHERE "IsTest" = TRUE""",
    ];

    /// <summary>How much there is of it.</summary>
    public async Task<TestDataSize> MeasureAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await desks.CreateDbContextAsync(cancellationToken);
        await using var refused = await logs.CreateDbContextAsync(cancellationToken);
        var isTest = true; // as a variable: indexes begin with the environment
        return new TestDataSize(
            await context.Deliveries.CountAsync(row => row.IsTest && row.Seq > 0, cancellationToken),
            await refused.Rejected.CountAsync(row => row.IsTest, cancellationToken),
            await context.Orders.AnyAsync(row => row.IsTest == isTest, cancellationToken)
                || await context.Esims.AnyAsync(row => row.IsTest == isTest, cancellationToken)
        );
    }

    /// <summary>Deletes all of it, from the log and from the desk. No live data is touched.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="progress">Hears how many deliveries are deleted.</param>
    /// <param name="cancellationToken">Ends it between two pieces; what is left can be deleted later.</param>
    /// <returns>How many deliveries were deleted.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<int> DeleteAsync(ClaimsPrincipal who, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        ArgumentNullException.ThrowIfNull(progress);
        await audit.WriteAsync(new(AuditActions.TestDataDeleted) { Actor = actor }, cancellationToken);
        var all = 0;
        int deleted;
        do
        {
            deleted = await DeleteSomeAsync(cancellationToken);
            all += deleted;
            progress.Report(all);
        } while (deleted == AtOnce);

        await log.WriteAsync(
            static transaction => transaction.Execute("""DELETE FROM "Rejected" WHERE "IsTest" = TRUE"""),
            cancellationToken
        );
        await desk.WriteAsync(DeleteRest, cancellationToken);
        notifier.PublishEverything();
        return all;
    }

    // The log first: what is gone from it and still in the desk goes with the next deletion, while the other way round it would come back.
    private async Task<int> DeleteSomeAsync(CancellationToken cancellationToken)
    {
        using var pause = deliveryLog.PauseLookUps(); // or a repeat would be logged without its body, and name one that is gone
        var (seqs, entries) = await desk.WriteAsync(
            static transaction =>
            {
                var deliveries = transaction.Query(NextDeliveries, static row => row.GetInt64(0), AtOnce);
                return (
                    deliveries,
                    deliveries.SelectMany(seq => transaction.Query(EntriesOfDelivery, static row => row.GetInt64(0), seq)).ToList()
                );
            },
            cancellationToken
        );
        await log.WriteAsync(
            transaction =>
            {
                foreach (var entry in entries)
                {
                    transaction.Execute(RemoveEntry, entry);
                    transaction.Execute(EmptyLastEntry, entry, Array.Empty<byte>());
                }

                seqs.ForEach(seq => transaction.Execute(RemoveCount, seq));
            },
            cancellationToken
        );
        await desk.WriteAsync(
            transaction =>
            {
                foreach (var seq in seqs)
                {
                    foreach (var statement in OfDelivery)
                    {
                        transaction.Execute(statement, seq);
                    }
                }
            },
            cancellationToken
        );
        return seqs.Count;
    }

    // Unless something came meanwhile: then its orders and eSIMs stay, and go with the next deletion.
    private static void DeleteRest(WriteTransaction transaction)
    {
        if (transaction.Query(NextDeliveries, static row => row.GetInt64(0), 1).Count > 0)
        {
            return;
        }

        foreach (var statement in Rest)
        {
            transaction.Execute(statement);
        }
    }
}

/// <summary>How much test data there is.</summary>
/// <param name="Deliveries">Deliveries that are kept.</param>
/// <param name="Refused">Requests of the Simulator's in the log of those refused.</param>
/// <param name="HasSubjects">Whether there are orders or eSIMs, which a deletion that was cut short leaves behind.</param>
internal readonly record struct TestDataSize(int Deliveries, int Refused, bool HasSubjects)
{
    /// <summary>Whether there is anything to delete.</summary>
    public bool IsAny => Deliveries > 0 || Refused > 0 || HasSubjects;
}
