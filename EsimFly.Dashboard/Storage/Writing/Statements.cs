using EsimFly.Dashboard.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>
/// Statements on one connection, prepared once, by their text: pass constant SQL with parameters <c>@p0</c>, <c>@p1</c>, ….
/// Not for use by two threads at once.
/// </summary>
internal class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> prepared = new(ReferenceComparer.Instance);

    /// <summary>The connection that they run on.</summary>
    protected SqliteConnection Connection => connection;

    /// <summary>Runs a statement and gives the first column of its first row; the default where it has none or it is null.</summary>
    /// <typeparam name="T"><see cref="long"/>, <see cref="int"/>, <see cref="string"/> or an array of bytes.</typeparam>
    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = Bind(sql, values);
        try
        {
            return statement.Step() && !statement.Row.IsNull(0) ? Read<T>(statement.Row) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Runs a query and reads all of its rows.</summary>
    public List<T> Query<T>(string sql, Func<SqlRow, T> read, params ReadOnlySpan<object?> values)
    {
        var statement = Bind(sql, values);
        var rows = new List<T>();
        try
        {
            while (statement.Step())
            {
                rows.Add(read(statement.Row));
            }
        }
        finally
        {
            statement.Reset();
        }

        return rows;
    }

    /// <summary>Runs a query and reads its rows one by one, as they are asked for. The query must not be run again meanwhile.</summary>
    public IEnumerable<T> Stream<T>(string sql, Func<SqlRow, T> read)
    {
        var statement = Bind(sql, []);
        try
        {
            while (statement.Step())
            {
                yield return read(statement.Row);
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The prepared statement, for a caller that binds its parameters one by one.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!prepared.TryGetValue(sql, out var statement))
        {
            prepared.Add(sql, statement = new SqliteStatement(connection.Handle!, sql));
        }

        return statement;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the prepared statements.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var statement in prepared.Values)
            {
                statement.Dispose();
            }

            prepared.Clear();
        }
    }

    /// <summary>The prepared statement with its parameters set.</summary>
    protected SqliteStatement Bind(string sql, ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql);
        for (var i = 0; i < values.Length; i++)
        {
            statement.Bind(i, values[i]);
        }

        return statement;
    }

    private static T Read<T>(SqlRow row)
    {
        if (typeof(T) == typeof(string))
        {
            return (T)(object)row.GetString(0);
        }

        if (typeof(T) == typeof(byte[]))
        {
            return (T)(object)row.GetBytes(0);
        }

        return typeof(T) == typeof(int) ? (T)(object)row.GetInt32(0) : (T)(object)row.GetInt64(0);
    }

    /// <summary>Constant SQL is one object: comparing references spares hashing some hundred characters for each row.</summary>
    private sealed class ReferenceComparer : IEqualityComparer<string>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(string? x, string? y) => ReferenceEquals(x, y) || string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => obj.Length; // texts of one length are few, and distinguished by Equals
    }
}
