using System.Data.Common;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>One unchanging view of the database, for long readings beside the writers.</summary>
internal sealed class ReadSnapshot : Statements
{
    /// <summary>Begins the view on an open connection, which it owns from now on.</summary>
    public ReadSnapshot(DbConnection connection, DbTransaction transaction, DashboardDbContext context)
        : base(connection)
    {
        Transaction = transaction;
        Context = context;
    }

    /// <summary>Entities as the view has them.</summary>
    public DashboardDbContext Context { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Context.Dispose();
            Transaction?.Dispose();
            Connection.Dispose();
        }
    }
}
