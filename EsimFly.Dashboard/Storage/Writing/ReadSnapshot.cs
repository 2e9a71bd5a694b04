namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>One unchanging view of a store, for long reading beside the writers. It takes no lock: they go on.</summary>
internal sealed class ReadSnapshot<TContext> : Statements
    where TContext : IDisposable
{
    private readonly Action onClosed;

    /// <summary>Begins the view on an open connection, which it owns from now on.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="open">Makes entities over the same connection, within the view; it owns them too.</param>
    /// <param name="onClosed">Called once, after the connection is closed.</param>
    public ReadSnapshot(SqlSession session, Func<SqlSession, TContext> open, Action onClosed)
        : base(session)
    {
        this.onClosed = onClosed;
        try
        {
            session.BeginView();
            Context = open(session);
        }
        catch
        {
            session.Dispose(); // before the caller's own end of it
            throw;
        }
    }

    /// <summary>Entities as the view has them.</summary>
    public TContext Context { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Context.Dispose();
            Session.RollBack();
        }

        base.Dispose(disposing);
        if (disposing)
        {
            onClosed();
        }
    }
}
