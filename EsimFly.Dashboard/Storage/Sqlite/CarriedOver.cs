using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// What was measured and cannot be worked out from the log, read from the desk file that is replaced: when deliveries were processed,
/// what their requests were answered with and after how long, and the tries that failed.
/// </summary>
internal sealed class CarriedOver : IDisposable
{
    private const string DeliveriesBetween = """
        SELECT "Seq", "ProcessedAtMs", "State", "Tries", "NextTryAtMs", "Error" FROM "Deliveries" WHERE "Seq" BETWEEN @p0 AND @p1
        """;

    private const string ArrivalsBetween = """SELECT "Id", "Status", "DurationUs" FROM "Arrivals" WHERE "Id" BETWEEN @p0 AND @p1""";

    private const string AllTries = """SELECT "DeliverySeq", "AtMs", "Error", "NextTryAtMs" FROM "FailedTries" ORDER BY "Id" """;

    private readonly SqliteConnection? connection;
    private readonly Statements? statements;

    private CarriedOver(SqliteConnection? connection)
    {
        this.connection = connection;
        statements = connection is null ? null : new Statements(connection);
    }

    /// <summary>Nothing.</summary>
    public static CarriedOver Nothing { get; } = new(connection: null);

    /// <summary>The file that keeps the measurements of a desk that was replaced.</summary>
    public static string PreviousFile(string deskFile) => Path.Combine(Path.GetDirectoryName(deskFile)!, "desk.previous.db");

    /// <summary>Opens a desk file for its measurements; nothing where it is missing or has none that can be read.</summary>
    public static CarriedOver From(string path)
    {
        if (!File.Exists(path))
        {
            return Nothing;
        }

        SqliteConnection? opened = null;
        try
        {
            opened = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = path,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ToString()
            );
            opened.Open();
            var carried = new CarriedOver(opened);
            carried.Deliveries(0, 0);
            carried.Arrivals(0, 0);
            return carried;
        }
        catch (SqliteException)
        {
            opened?.Dispose(); // of a version that kept none, or damaged
            return Nothing;
        }
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
    public List<CarriedTry> Tries() =>
        statements is null
            ? []
            : statements.Query(
                AllTries,
                static row => new CarriedTry(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.FindInt64(3))
            );

    /// <inheritdoc/>
    public void Dispose()
    {
        statements?.Dispose();
        connection?.Dispose();
    }
}

/// <summary>How a delivery fared.</summary>
internal readonly record struct CarriedDelivery(long? ProcessedAtMs, int State, int Tries, long NextTryAtMs, string? Error);

/// <summary>What a request was answered with; the time in microseconds.</summary>
internal readonly record struct CarriedAnswer(int Status, long? DurationUs);

/// <summary>A try that failed.</summary>
internal readonly record struct CarriedTry(long DeliverySeq, long AtMs, string Error, long? NextTryAtMs);
