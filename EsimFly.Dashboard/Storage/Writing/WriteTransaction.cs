using System.Data.Common;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>What a piece of work may do within <see cref="StorageWriter"/>'s transaction.</summary>
internal sealed class WriteTransaction(DbConnection connection) : Statements(connection)
{
    /// <summary>Runs a statement and gives the number of rows that it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    internal void Begin() => Transaction = Connection.BeginTransaction();

    internal void Commit()
    {
        Transaction!.Commit();
        End();
    }

    internal void RollBack()
    {
        try
        {
            Transaction?.Rollback();
        }
        catch (Exception fault) when (fault is DbException or InvalidOperationException)
        {
            // SQLite has already rolled back after some errors; the first error is the one to report.
        }

        End();
    }

    private void End()
    {
        Transaction?.Dispose();
        Transaction = null;
    }
}
