using System.Data.Common;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>
/// One connection to a store with its prepared statements, which are found by their text: pass constant SQL, in what SQLite and
/// PostgreSQL share, with parameters <c>@p0</c>, <c>@p1</c>, …. Not for use by two threads at once.
/// </summary>
internal abstract class SqlSession : IDisposable
{
    /// <summary>The connection.</summary>
    public abstract DbConnection Connection { get; }

    /// <summary>Begins a query.</summary>
    public abstract SqlCursor Open(string sql, ReadOnlySpan<object?> values);

    /// <summary>Runs a statement for its effect and gives the number of rows that it changed.</summary>
    public abstract int Execute(string sql, ReadOnlySpan<object?> values);

    /// <summary>Runs a query once for each key, in their order, and hands every row to <paramref name="read"/>.</summary>
    /// <param name="sql">The query; its parameters are a key's values, none of them null.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="read">Hears the index of the key and the row.</param>
    public abstract void QueryEach(string sql, IReadOnlyList<object[]> keys, Action<int, SqlRow> read);

    /// <summary>Runs a statement once for each set of values, in their order.</summary>
    public abstract void ExecuteEach(string sql, IReadOnlyList<object?[]> rows);

    /// <summary>Inserts rows. No two of them may have the same key.</summary>
    public abstract void Insert<TRow>(RowInsert<TRow> into, IReadOnlyList<TRow> rows);

    /// <summary>Begins a transaction that writes. Nobody else writes to the store until it ends, in no other process either.</summary>
    public abstract void Begin();

    /// <summary>Begins a transaction in which everything is read as of one instant.</summary>
    public abstract void BeginView();

    /// <summary>Ends the transaction: what was written is kept.</summary>
    public abstract void Commit();

    /// <summary>Ends the transaction: nothing of it is kept. Never throws.</summary>
    public abstract void RollBack();

    /// <summary>Ends what another thread runs on it at this moment: that throws.</summary>
    public abstract void Interrupt();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the connection.</summary>
    protected abstract void Dispose(bool disposing);
}
