using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace EsimFly.Dashboard.Storage.Sqlite.Upgrade;

/// <summary>
/// Writes what an old store had measured into the file that <see cref="CarriedOver"/> reads, by the numbers of the new log entries.
/// Lost, it costs no more than milliseconds in a list.
/// </summary>
internal sealed class LegacyMeasurements : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL;
        CREATE TABLE IF NOT EXISTS "Deliveries" ("Seq" INTEGER PRIMARY KEY, "ProcessedAtMs", "State", "Tries", "NextTryAtMs", "Error");
        CREATE TABLE IF NOT EXISTS "Arrivals" ("Id" INTEGER PRIMARY KEY, "Status", "DurationUs");
        CREATE TABLE IF NOT EXISTS "FailedTries" ("Id" INTEGER PRIMARY KEY, "DeliverySeq", "AtMs", "Error", "NextTryAtMs");
        """;

    private const string InsertDelivery = """INSERT OR REPLACE INTO "Deliveries" VALUES (@p0, @p1, @p2, @p3, @p4, @p5)""";

    private const string InsertArrival = """INSERT OR REPLACE INTO "Arrivals" VALUES (@p0, @p1, @p2)""";

    private const string InsertTry =
        """INSERT INTO "FailedTries" ("DeliverySeq", "AtMs", "Error", "NextTryAtMs") VALUES (@p0, @p1, @p2, @p3)""";

    private readonly WriteTransaction session;
    private readonly long lastDelivery;

    /// <summary>Opens the file, and makes it where it is not there.</summary>
    /// <param name="file">Where.</param>
    /// <param name="lastDelivery">The number of the last old delivery; repeats are numbered after it.</param>
    public LegacyMeasurements(string file, long lastDelivery)
    {
        this.lastDelivery = lastDelivery;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Schema;
        command.ExecuteNonQuery();
        session = new WriteTransaction(new SqliteSession(connection));
    }

    /// <summary>Keeps how deliveries fared and what their first request was answered with.</summary>
    public void Add(IReadOnlyList<LegacyDelivery> rows) =>
        Write(() =>
        {
            foreach (var row in rows)
            {
                session.Execute(
                    InsertDelivery,
                    row.Seq,
                    row.Fared.ProcessedAtMs,
                    row.Fared.State,
                    row.Fared.Tries,
                    row.Fared.NextTryAtMs,
                    row.Fared.Error
                );
                session.Execute(InsertArrival, row.Seq, row.Answer.Status, row.Answer.DurationUs);
            }
        });

    /// <summary>Keeps what repeats were answered with.</summary>
    public void Add(IReadOnlyList<LegacyRepeat> rows) =>
        Write(() =>
        {
            foreach (var row in rows)
            {
                session.Execute(InsertArrival, lastDelivery + row.Id, row.Status, row.DurationUs);
            }
        });

    /// <summary>Keeps the tries that failed.</summary>
    public void AddTries(IReadOnlyList<CarriedTry> rows) =>
        Write(() =>
        {
            session.Execute("""DELETE FROM "FailedTries" """);
            foreach (var row in rows)
            {
                session.Execute(InsertTry, row.DeliverySeq, row.AtMs, row.Error, row.NextTryAtMs);
            }
        });

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private void Write(Action work) =>
        session.Run(_ =>
        {
            work();
            return true;
        });
}
