using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>Reads the log in order, on a connection of its own. Not for use by two threads at once.</summary>
internal sealed class LogTail(LogDatabase database) : IDisposable
{
    private const string After = $"""SELECT {LogRecord.Columns} FROM "Log" WHERE "Seq" > @p0 AND "Seq" <= @p1 ORDER BY "Seq" LIMIT @p2""";

    private const string One = $"""SELECT {LogRecord.Columns} FROM "Log" WHERE "Seq" = @p0""";

    private const string LastSeq = """SELECT MAX("Seq") FROM "Log" """;

    private const string RepeatCount = """SELECT "Count" FROM "RepeatCounts" WHERE "Seq" = @p0""";

    private const string AllRepeatCounts = """SELECT "Seq", "Count" FROM "RepeatCounts" """;

    private Statements? statements;

    private Statements Log => statements ??= database.Open();

    /// <summary>The number of the last entry; 0 for none.</summary>
    public long Head => Log.Scalar<long>(LastSeq);

    /// <summary>The entries after a position and up to another, in order, so many at most.</summary>
    public List<LogRecord> Read(long after, long upTo, int most) => Log.Query(After, LogRecord.Read, after, upTo, most);

    /// <summary>One entry; null where it is gone.</summary>
    public LogRecord? Find(long seq) => Log.Query(One, LogRecord.Read, seq) is [var record] ? record : null;

    /// <summary>How many repeats of a delivery were counted and not logged.</summary>
    public long CountedRepeats(long seq) => Log.Scalar<long>(RepeatCount, seq);

    /// <summary>The same for all deliveries that have any.</summary>
    public List<(long Seq, long Count)> CountedRepeats() => Log.Query(AllRepeatCounts, static row => (row.GetInt64(0), row.GetInt64(1)));

    /// <inheritdoc/>
    public void Dispose() => statements?.Dispose();
}
