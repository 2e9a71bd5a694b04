using System.Data.Common;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>A connection to a SQLite file: each statement is prepared once, and run for each row by itself.</summary>
/// <param name="connection">The connection, which it owns.</param>
/// <param name="guarded">The path that must still lead to the file with each commit; null where that is not asked.</param>
internal sealed class SqliteSession(SqliteConnection connection, string? guarded = null) : SqlSession
{
    private const string BeginText = "BEGIN IMMEDIATE";
    private const string BeginViewText = "BEGIN";
    private const string TakeView = "SELECT COUNT(*) FROM sqlite_schema"; // the view is taken with the first read
    private const string CommitText = "COMMIT";
    private const string RollBackText = "ROLLBACK";

    private readonly Dictionary<string, SqliteStatement> prepared = new(ReferenceComparer.Instance);

    /// <inheritdoc/>
    public override SqliteConnection Connection => connection;

    /// <inheritdoc/>
    public override SqlCursor Open(string sql, ReadOnlySpan<object?> values) => Bind(sql, values);

    /// <inheritdoc/>
    public override int Execute(string sql, ReadOnlySpan<object?> values) => Bind(sql, values).Run();

    /// <inheritdoc/>
    public override void QueryEach(string sql, IReadOnlyList<object[]> keys, Action<int, SqlRow> read)
    {
        for (var key = 0; key < keys.Count; key++)
        {
            var statement = Bind(sql, keys[key]);
            try
            {
                while (statement.Step())
                {
                    read(key, statement.Row);
                }
            }
            finally
            {
                statement.End();
            }
        }
    }

    /// <inheritdoc/>
    public override void ExecuteEach(string sql, IReadOnlyList<object?[]> rows)
    {
        foreach (var row in rows)
        {
            Bind(sql, row).Run();
        }
    }

    /// <inheritdoc/>
    public override void Insert<TRow>(RowInsert<TRow> into, IReadOnlyList<TRow> rows)
    {
        var statement = Prepare(into.One);
        foreach (var row in rows)
        {
            into.Write(row, statement);
            statement.Run();
        }
    }

    /// <inheritdoc/>
    public override void Begin() => Prepare(BeginText).Run();

    /// <inheritdoc/>
    public override void BeginView()
    {
        Prepare(BeginViewText).Run();
        Prepare(TakeView).Run();
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        if (guarded is not null && FilePlace.HasMoved(connection.Handle!))
        {
            throw new FileMovedException(guarded);
        }

        Prepare(CommitText).Run();
    }

    /// <inheritdoc/>
    public override void RollBack()
    {
        try
        {
            Prepare(RollBackText).Run();
        }
        catch (DbException)
        {
            // SQLite has already rolled back after some errors; the first error is the one to report.
        }
    }

    /// <inheritdoc/>
    public override void Interrupt() => raw.sqlite3_interrupt(connection.Handle);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var statement in prepared.Values)
            {
                statement.Dispose();
            }

            prepared.Clear();
            connection.Dispose();
        }
    }

    private SqliteStatement Prepare(string sql)
    {
        if (!prepared.TryGetValue(sql, out var statement))
        {
            prepared.Add(sql, statement = new SqliteStatement(connection.Handle!, sql));
        }

        return statement;
    }

    private SqliteStatement Bind(string sql, ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql);
        for (var i = 0; i < values.Length; i++)
        {
            statement.Bind(i, values[i]);
        }

        return statement;
    }

    /// <summary>Constant SQL is one object: comparing references spares hashing some hundred characters for each row.</summary>
    private sealed class ReferenceComparer : IEqualityComparer<string>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(string? x, string? y) => ReferenceEquals(x, y) || string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => obj.Length; // texts of one length are few, and distinguished by Equals
    }
}
