namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>What can be asked on one connection to a store. It owns the connection. Not for use by two threads at once.</summary>
internal class Statements(SqlSession session) : IDisposable
{
    /// <summary>The connection.</summary>
    protected SqlSession Session => session;

    /// <summary>Runs a statement and gives the first column of its first row; the default where it has none or it is null.</summary>
    /// <typeparam name="T"><see cref="long"/>, <see cref="int"/>, <see cref="bool"/>, text or bytes.</typeparam>
    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values)
    {
        var rows = session.Open(sql, values);
        try
        {
            return rows.Step() && !rows.Row.IsNull(0) ? Read<T>(rows.Row) : default;
        }
        finally
        {
            rows.End();
        }
    }

    /// <summary>Runs a query and reads all of its rows.</summary>
    public List<T> Query<T>(string sql, Func<SqlRow, T> read, params ReadOnlySpan<object?> values)
    {
        var rows = session.Open(sql, values);
        var all = new List<T>();
        try
        {
            while (rows.Step())
            {
                all.Add(read(rows.Row));
            }
        }
        finally
        {
            rows.End();
        }

        return all;
    }

    /// <summary>Runs a query once for each key.</summary>
    /// <param name="sql">The query; its parameters are a key's values, none of them null.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="read">Reads a row.</param>
    /// <returns>The rows of each key, in the order of the keys.</returns>
    public List<T>[] QueryEach<T>(string sql, IReadOnlyList<object[]> keys, Func<SqlRow, T> read) =>
        QueryEach(sql, keys, (_, row) => read(row));

    /// <inheritdoc cref="QueryEach{T}(string, IReadOnlyList{object[]}, Func{SqlRow, T})"/>
    public List<T>[] QueryEach<T>(string sql, IReadOnlyList<object[]> keys, Func<int, SqlRow, T> read)
    {
        var all = new List<T>[keys.Count];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = [];
        }

        if (keys.Count > 0)
        {
            session.QueryEach(sql, keys, (key, row) => all[key].Add(read(key, row)));
        }

        return all;
    }

    /// <summary>Runs a query and reads its rows one by one, as they are asked for. Nothing else may be asked meanwhile.</summary>
    public IEnumerable<T> Stream<T>(string sql, Func<SqlRow, T> read, params object?[] values)
    {
        var rows = session.Open(sql, values);
        try
        {
            while (rows.Step())
            {
                yield return read(rows.Row);
            }
        }
        finally
        {
            rows.End();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the connection.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            session.Dispose();
        }
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

        if (typeof(T) == typeof(bool))
        {
            return (T)(object)row.GetBoolean(0);
        }

        return typeof(T) == typeof(int) ? (T)(object)row.GetInt32(0) : (T)(object)row.GetInt64(0);
    }
}
