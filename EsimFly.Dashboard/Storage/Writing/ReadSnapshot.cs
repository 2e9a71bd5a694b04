using System.Data.Common;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>One unchanging view of the database, for long readings beside the writers.</summary>
internal sealed class ReadSnapshot : Statements
{
    /// <summary>Begins the view on an open connection, which it owns from now on.</summary>
    public ReadSnapshot(DbConnection connection, DbTransaction transaction)
        : base(connection) => Transaction = transaction;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Transaction?.Dispose();
            Connection.Dispose();
        }
    }
}
