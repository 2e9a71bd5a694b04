using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>What a piece of work may do within <see cref="StorageWriter"/>'s transaction.</summary>
internal sealed class WriteTransaction(SqliteConnection connection) : Statements(connection)
{
    private const string BeginText = "BEGIN IMMEDIATE";
    private const string CommitText = "COMMIT";
    private const string RollBackText = "ROLLBACK";

    /// <summary>Runs a statement and gives the number of rows that it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).Run();

    internal void Begin() => Prepare(BeginText).Run();

    internal void Commit() => Prepare(CommitText).Run();

    internal void RollBack()
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
}
