namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>What a piece of work may do within <see cref="StorageWriter"/>'s transaction.</summary>
internal sealed class WriteTransaction(SqlSession session) : Statements(session)
{
    /// <summary>Runs a statement and gives the number of rows that it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Session.Execute(sql, values);

    /// <summary>Runs a statement once for each set of values, in their order.</summary>
    public void ExecuteEach(string sql, IReadOnlyList<object?[]> rows)
    {
        if (rows.Count > 0)
        {
            Session.ExecuteEach(sql, rows);
        }
    }

    /// <summary>Inserts rows. No two of them may have the same key.</summary>
    public void Insert<TRow>(RowInsert<TRow> into, IReadOnlyList<TRow> rows)
    {
        if (rows.Count > 0)
        {
            Session.Insert(into, rows);
        }
    }

    /// <summary>Runs the work in a transaction: all of it is kept, or nothing.</summary>
    internal T Run<T>(Func<WriteTransaction, T> work)
    {
        Session.Begin();
        try
        {
            var result = work(this);
            Session.Commit();
            return result;
        }
        catch
        {
            Session.RollBack();
            throw;
        }
    }

    /// <summary>Works on the connection outside of any transaction.</summary>
    internal void Maintain(Action<SqlSession> work) => work(Session);

    /// <summary>Works while nobody else can write to the store. Nothing is written here.</summary>
    internal void Hold(Action work)
    {
        Session.Begin();
        try
        {
            work();
        }
        finally
        {
            Session.RollBack();
        }
    }
}
