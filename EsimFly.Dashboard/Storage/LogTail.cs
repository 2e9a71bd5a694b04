using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>Reads the log in order, on a connection of its own. Not for use by two threads at once.</summary>
internal sealed class LogTail(LogDatabase database) : IDisposable
{
    private static readonly string After =
        $"""SELECT {LogRecord.Columns} FROM "Log" WHERE "Seq" > @p0 AND "Seq" <= @p1 ORDER BY "Seq" LIMIT @p2""";

    private static readonly string One = $"""SELECT {LogRecord.Columns} FROM "Log" WHERE "Seq" = @p0""";

    private const string LastSeq = """SELECT MAX("Seq") FROM "Log" """;

    private const string RepeatCount = """SELECT "Count" FROM "RepeatCounts" WHERE "Seq" = @p0""";

    private const string AllRepeatCounts = """SELECT "Seq", "Count" FROM "RepeatCounts" """;

    private Statements? statements;

    /// <summary>The number of the last entry; 0 for none.</summary>
    public long Head => Ask(static log => log.Scalar<long>(LastSeq));

    /// <summary>The entries after a position and up to another, in order, so many at most.</summary>
    public List<LogRecord> Read(long after, long upTo, int most)
    {
        try
        {
            return Ask(log => log.Query(After, LogRecord.Read, after, upTo, most));
        }
        catch (Exception fault) when (database.IsDamage(fault))
        {
            return ReadAround(after, upTo, most);
        }
    }

    /// <summary>One entry; null where it is gone.</summary>
    public LogRecord? Find(long seq) => Ask(log => log.Query(One, LogRecord.Read, seq)) is [var record] ? record : null;

    /// <summary>How many repeats of a delivery were counted and not logged.</summary>
    public long CountedRepeats(long seq) => Ask(log => log.Scalar<long>(RepeatCount, seq));

    /// <summary>The same for all deliveries that have any.</summary>
    public List<(long Seq, long Count)> CountedRepeats() =>
        Ask(static log => log.Query(AllRepeatCounts, static row => (row.GetInt64(0), row.GetInt64(1))));

    /// <inheritdoc/>
    public void Dispose() => statements?.Dispose();

    // One by one: what cannot be read is passed over and named, and keeps nothing else out.
    private List<LogRecord> ReadAround(long after, long upTo, int most)
    {
        var last = Math.Min(upTo, Head);
        var read = new List<LogRecord>();
        for (var seq = after + 1; seq <= last && read.Count < most; seq++)
        {
            try
            {
                if (Find(seq) is { } record)
                {
                    read.Add(record);
                }
            }
            catch (Exception fault) when (database.IsDamage(fault))
            {
                database.Damage.Note(seq);
            }
        }

        return read;
    }

    // A connection that has broken is not used again.
    private T Ask<T>(Func<Statements, T> read)
    {
        try
        {
            return read(statements ??= database.Open());
        }
        catch
        {
            statements?.Dispose();
            statements = null;
            throw;
        }
    }
}
