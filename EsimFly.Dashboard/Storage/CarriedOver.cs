using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// What was measured and cannot be derived from the log, read from the read model that is replaced: when deliveries were processed,
/// what their requests were answered with and after how long, and the tries that failed.
/// </summary>
internal sealed class CarriedOver : IDisposable
{
    private const string DeliveriesBetween = """
        SELECT "Seq", "ProcessedAtMs", "State", "Tries", "NextTryAtMs", "Error" FROM "Deliveries" WHERE "Seq" BETWEEN @p0 AND @p1
        """;

    private const string ArrivalsBetween = """SELECT "Id", "Status", "DurationUs" FROM "Arrivals" WHERE "Id" BETWEEN @p0 AND @p1""";

    private const string AllTries = """SELECT "DeliverySeq", "AtMs", "Error", "NextTryAtMs" FROM "FailedTries" ORDER BY "Id" """;

    private readonly Statements? statements;

    private CarriedOver(Statements? statements) => this.statements = statements;

    /// <summary>Nothing.</summary>
    public static CarriedOver Nothing { get; } = new(statements: null);

    /// <summary>What a desk has, which is read as it is asked for, and closed with this.</summary>
    /// <exception cref="System.Data.Common.DbException">It has none that can be read.</exception>
    public static CarriedOver From(Statements readModel)
    {
        var carried = new CarriedOver(readModel);
        carried.Deliveries(0, 0);
        carried.Arrivals(0, 0);
        return carried;
    }

    /// <summary>How deliveries of a range of numbers fared, by number.</summary>
    public Dictionary<long, CarriedDelivery> Deliveries(long from, long to) =>
        statements is null
            ? []
            : statements
                .Query(
                    DeliveriesBetween,
                    static row =>
                        (
                            Seq: row.GetInt64(0),
                            Value: new CarriedDelivery(
                                row.FindInt64(1),
                                row.GetInt32(2),
                                row.GetInt32(3),
                                row.GetInt64(4),
                                row.FindString(5)
                            )
                        ),
                    from,
                    to
                )
                .ToDictionary(row => row.Seq, row => row.Value);

    /// <summary>What the requests of a range of numbers were answered with, by number.</summary>
    public Dictionary<long, CarriedAnswer> Arrivals(long from, long to) =>
        statements is null
            ? []
            : statements
                .Query(
                    ArrivalsBetween,
                    static row => (Id: row.GetInt64(0), Value: new CarriedAnswer(row.GetInt32(1), row.FindInt64(2))),
                    from,
                    to
                )
                .ToDictionary(row => row.Id, row => row.Value);

    /// <summary>The tries that failed, in order.</summary>
    public List<FailedTryEntity> Tries() =>
        statements is null
            ? []
            : statements.Query(
                AllTries,
                static row => new FailedTryEntity
                {
                    DeliverySeq = row.GetInt64(0),
                    AtMs = row.GetInt64(1),
                    Error = row.GetString(2),
                    NextTryAtMs = row.FindInt64(3),
                }
            );

    /// <inheritdoc/>
    public void Dispose() => statements?.Dispose();
}

/// <summary>How a delivery fared.</summary>
internal readonly record struct CarriedDelivery(long? ProcessedAtMs, int State, int Tries, long NextTryAtMs, string? Error);

/// <summary>What a request was answered with; the time in microseconds.</summary>
internal readonly record struct CarriedAnswer(int Status, long? DurationUs);
