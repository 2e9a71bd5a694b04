using System.Data.Common;
using EsimFly.Dashboard.Storage.Writing;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// A connection to PostgreSQL. Statements for many rows are sent as one, over arrays: what a batch costs is a round trip a table.
/// </summary>
/// <param name="connection">The connection, which it owns.</param>
/// <param name="columns">The types of the columns.</param>
/// <param name="writerLock">The arguments of the advisory lock that a writer to the store holds; null where it writes alone.</param>
internal sealed class PostgresSession(NpgsqlConnection connection, PostgresColumns columns, string? writerLock) : SqlSession
{
    private readonly Dictionary<string, string> texts = [];
    private readonly Dictionary<(string Sql, string Types), string> manyTexts = [];
    private readonly Dictionary<RowInsert, (string Text, string[] Types)> inserts = [];
    private NpgsqlTransaction? transaction;
    private volatile NpgsqlCommand? running;

    /// <inheritdoc/>
    public override NpgsqlConnection Connection => connection;

    /// <summary>The transaction that is open; null where there is none.</summary>
    public NpgsqlTransaction? Transaction => transaction;

    /// <inheritdoc/>
    public override SqlCursor Open(string sql, ReadOnlySpan<object?> values) => new PostgresCursor(Command(sql, values).ExecuteReader());

    /// <inheritdoc/>
    public override int Execute(string sql, ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override void QueryEach(string sql, IReadOnlyList<object[]> keys, Action<int, SqlRow> read)
    {
        using var command = Many(sql, [.. keys[0].Select(PostgresColumns.TypeOf)], keys, PostgresText.QueryEach);
        using var reader = command.ExecuteReader();
        var row = new PostgresRow(reader);
        var number = reader.FieldCount - 1;
        while (reader.Read())
        {
            read((int)reader.GetInt64(number) - 1, row);
        }
    }

    /// <inheritdoc/>
    public override void ExecuteEach(string sql, IReadOnlyList<object?[]> rows)
    {
        using var command = Many(sql, [.. rows[0].Select(static value => PostgresColumns.TypeOf(value!))], rows, PostgresText.ExecuteEach);
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override void Insert<TRow>(RowInsert<TRow> into, IReadOnlyList<TRow> rows)
    {
        if (!inserts.TryGetValue(into, out var insert))
        {
            string[] types = [.. into.Columns.Select(column => columns.TypeOf(into.Table, column))];
            inserts.Add(into, insert = (PostgresText.Insert(into, types), types));
        }

        using var command = new NpgsqlCommand(insert.Text, connection, transaction);
        new PostgresRows(insert.Types, rows.Count).Fill(into, rows, command);
        running = command;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override void Begin()
    {
        transaction = connection.BeginTransaction();
        if (writerLock is not null)
        {
            // Before anything is read: the order of a sequence is not the order of commits, and what one writer reads no other may change.
            Execute($"SELECT pg_advisory_xact_lock({writerLock})", []);
        }
    }

    /// <inheritdoc/>
    public override void BeginView() => transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);

    /// <inheritdoc/>
    public override void Commit()
    {
        transaction!.Commit();
        transaction.Dispose();
        transaction = null;
    }

    /// <inheritdoc/>
    public override void RollBack()
    {
        var ending = transaction;
        transaction = null;
        try
        {
            using (ending)
            {
                ending?.Rollback();
            }
        }
        catch (Exception fault) when (fault is DbException or InvalidOperationException)
        {
            // The connection is broken, and the server has rolled back; the first error is the one to report.
        }
    }

    /// <inheritdoc/>
    public override void Interrupt() => running?.Cancel();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            transaction?.Dispose();
            connection.Dispose();
        }
    }

    private NpgsqlCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        if (!texts.TryGetValue(sql, out var text))
        {
            texts.Add(sql, text = PostgresText.Of(sql));
        }

        var command = new NpgsqlCommand(text, connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = Storable(value) });
        }

        return running = command;
    }

    private NpgsqlCommand Many<TRow>(
        string sql,
        string[] types,
        IReadOnlyList<TRow> rows,
        Func<string, IReadOnlyList<string>, string> write
    )
        where TRow : IReadOnlyList<object?>
    {
        var key = (sql, string.Join(' ', types));
        if (!manyTexts.TryGetValue(key, out var text))
        {
            manyTexts.Add(key, text = write(sql, types));
        }

        var command = new NpgsqlCommand(text, connection, transaction);
        for (var column = 0; column < types.Length; column++)
        {
            var (array, type) = PostgresColumns.ArrayOf(types[column], rows, column);
            command.Parameters.Add(new NpgsqlParameter { Value = array, NpgsqlDbType = type });
        }

        return running = command;
    }

    private static object Storable(object? value) =>
        value switch
        {
            null => DBNull.Value,
            string text => PostgresText.Storable(text),
            DateTimeOffset instant => instant.ToUnixTimeMilliseconds(),
            _ => value,
        };
}
