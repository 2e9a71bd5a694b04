using System.Globalization;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>The deliveries that are tried again: by themselves, or because somebody has put them back.</summary>
internal sealed class ProjectionRetries(
    ReadModelWriter writer,
    ReadModelBuilder builder,
    LogSignal signal,
    Peers peers,
    ChangeNotifier notifier,
    TimeProvider time
)
{
    private static readonly string Next = $"""
        SELECT MIN("NextTryAtMs") FROM "Deliveries"
            WHERE "State" = {DeliveryState.Failed:D} AND "State" <> {DeliveryState.Processed:D}
        """;

    private const string DeliveryOfEntry = """
        SELECT D."Seq", D."IsTest" FROM "Arrivals" A JOIN "Deliveries" D ON D."Seq" = A."DeliverySeq" WHERE A."Id" = @p0
        """;

    /// <summary>Puts a dead or quarantined delivery back, to be tried at once.</summary>
    /// <returns>False where there is none in that state.</returns>
    public async Task<bool> RequeueAsync(long seq, CancellationToken cancellationToken)
    {
        var (isDone, isTest) = await writer.WriteAsync(
            transaction =>
            {
                if (
                    transaction.Query(
                        ProjectionSql.FindState,
                        static row =>
                            (
                                State: (DeliveryState)row.GetInt32(0),
                                AtMs: row.GetInt64(1),
                                EndedAtMs: row.FindInt64(2),
                                IsTest: row.GetBoolean(3),
                                Error: row.FindString(4)
                            ),
                        seq
                    )
                        is not [var found]
                    || transaction.Execute(ProjectionSql.Requeue, seq) == 0
                )
                {
                    return (false, false);
                }

                if (found is { State: DeliveryState.Quarantined, EndedAtMs: { } endedAtMs })
                {
                    // The try before stays to be seen; those of a dead delivery are there already.
                    transaction.Insert(
                        ProjectionSql.InsertFailedTry,
                        [
                            new()
                            {
                                DeliverySeq = seq,
                                AtMs = endedAtMs,
                                Error = found.Error ?? "It could not be used.",
                                NextTryAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                            },
                        ]
                    );
                }

                var tallies = new MinuteTallies();
                tallies.Move(found.IsTest, found.AtMs, found.State, DeliveryState.Failed);
                tallies.Write(transaction);
                return (true, found.IsTest);
            },
            cancellationToken
        );
        if (isDone)
        {
            notifier.Publish([ChangeOf(seq, isTest)]);
            builder.RetryAt(0);
            signal.Wake();
            peers.Tell(PeerNews.Retry, "");
        }

        return isDone;
    }

    /// <summary>When the next retry is due, Unix milliseconds; the end of time where there is none.</summary>
    public static long NextAtMs(Statements statements) =>
        statements.Query(Next, static row => row.FindInt64(0)) is [{ } at] ? at : long.MaxValue;

    /// <summary>The changes of deliveries of which something was measured.</summary>
    public static IReadOnlyCollection<Change> DeliveriesOf(
        WriteTransaction transaction,
        IEnumerable<long> entries,
        IEnumerable<long> deliveries
    ) =>
        [
            .. entries
                .Concat(deliveries)
                .SelectMany(entry => transaction.Query(DeliveryOfEntry, static row => (row.GetInt64(0), row.GetBoolean(1)), entry))
                .Distinct()
                .Select(found => ChangeOf(found.Item1, found.Item2)),
        ];

    private static Change ChangeOf(long seq, bool isTest) => new(Topic.Delivery, seq.ToString(CultureInfo.InvariantCulture), isTest);
}
