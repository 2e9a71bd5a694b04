using Microsoft.Data.Sqlite;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>One unchanging view of a database, for long reading beside the writers. It takes no lock: they go on.</summary>
internal sealed class ReadSnapshot<TContext> : Statements
    where TContext : IDisposable
{
    private readonly Action onClosed;

    /// <summary>Begins the view on an open connection, which it owns from now on.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="context">Entities over the same connection, which it owns too.</param>
    /// <param name="onClosed">Called once, after the connection is closed.</param>
    public ReadSnapshot(SqliteConnection connection, TContext context, Action onClosed)
        : base(connection)
    {
        this.onClosed = onClosed;
        Context = context;
        Prepare("BEGIN").Run();
        Prepare("SELECT COUNT(*) FROM sqlite_schema").Run(); // the view is taken with the first read
    }

    /// <summary>Entities as the view has them.</summary>
    public TContext Context { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Prepare("ROLLBACK").Run();
        }

        base.Dispose(disposing);
        if (disposing)
        {
            Context.Dispose();
            Connection.Dispose();
            onClosed();
        }
    }
}
