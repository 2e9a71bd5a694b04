using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Simulator;

/// <summary>The whole test world: how much there is of it, and its end.</summary>
internal sealed class TestData(AccessGuard guard, AuditLog audit, StorageWriter writer, ChangeNotifier notifier, IDbContextFactory<DashboardDbContext> contexts)
{
    private const int AtOnce = 500;

    private const string NextSeqs = """SELECT "Seq" FROM "Deliveries" WHERE "IsTest" = 1 ORDER BY "Seq" LIMIT @p0""";

    // What hangs on a delivery goes with it, a few hundred at a time, so that receiving never waits for long.
    private static readonly string[] OfDelivery =
    [
        """DELETE FROM "Arrivals" WHERE "DeliverySeq" = @p0""", """DELETE FROM "FailedTries" WHERE "DeliverySeq" = @p0""", """DELETE FROM "EventEsims" WHERE "DeliverySeq" = @p0""", """DELETE FROM "Events" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "TopUps" WHERE "DeliverySeq" = @p0""", """DELETE FROM "BalanceReadings" WHERE "DeliverySeq" = @p0""", """DELETE FROM "Deliveries" WHERE "Seq" = @p0""",
    ];

    // The last piece, in one transaction with whatever came meanwhile, so that no order is left that its events do not make.
    private static readonly string[] Rest =
    [
        """DELETE FROM "Arrivals" WHERE "DeliverySeq" IN (SELECT "Seq" FROM "Deliveries" WHERE "IsTest" = 1)""", """DELETE FROM "EventEsims" WHERE "IsTest" = 1""",
        """DELETE FROM "Events" WHERE "IsTest" = 1""", """DELETE FROM "TopUps" WHERE "IsTest" = 1""", """DELETE FROM "BalanceReadings" WHERE "IsTest" = 1""",
        """DELETE FROM "FailedTries" WHERE "DeliverySeq" IN (SELECT "Seq" FROM "Deliveries" WHERE "IsTest" = 1)""", """DELETE FROM "Rejected" WHERE "IsTest" = 1""",
        """DELETE FROM "Orders" WHERE "IsTest" = 1""", """DELETE FROM "Esims" WHERE "IsTest" = 1""", """DELETE FROM "Deliveries" WHERE "IsTest" = 1""",
    ];

    /// <summary>How much there is of it.</summary>
    public async Task<TestDataSize> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return new TestDataSize(
            await context.Deliveries.CountAsync(row => row.IsTest, cancellationToken),
            await context.Rejected.CountAsync(row => row.IsTest, cancellationToken),
            await context.Orders.AnyAsync(row => row.IsTest, cancellationToken) || await context.Esims.AnyAsync(row => row.IsTest, cancellationToken));
    }

    /// <summary>Deletes all of it. Nothing of the real world is touched.</summary>
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
            deleted = await writer.WriteAsync(DeleteSome, cancellationToken);
            all += deleted;
            progress.Report(all);
        }
        while (deleted == AtOnce);

        await writer.WriteAsync(
            transaction =>
            {
                foreach (var statement in Rest)
                {
                    transaction.Execute(statement);
                }
            },
            cancellationToken);
        notifier.Publish([.. Enum.GetValues<Topic>().Select(topic => new Change(topic, "", IsTest: true))]);
        return all;
    }

    private static int DeleteSome(WriteTransaction transaction)
    {
        var seqs = transaction.Query(NextSeqs, static row => row.GetInt64(0), AtOnce);
        foreach (var seq in seqs)
        {
            foreach (var statement in OfDelivery)
            {
                transaction.Execute(statement, seq);
            }
        }

        return seqs.Count;
    }
}

/// <summary>How much there is of the test world.</summary>
/// <param name="Deliveries">Deliveries that are kept.</param>
/// <param name="Refused">Requests of the Simulator's in the log of those refused.</param>
/// <param name="HasSubjects">Whether there are orders or eSIMs, which a deletion that was cut short leaves behind.</param>
internal readonly record struct TestDataSize(int Deliveries, int Refused, bool HasSubjects)
{
    /// <summary>Whether there is anything to delete.</summary>
    public bool IsAny => Deliveries > 0 || Refused > 0 || HasSubjects;
}
