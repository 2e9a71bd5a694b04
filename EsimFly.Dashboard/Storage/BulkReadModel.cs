using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// A read model that is built beside the one in use, or in memory, with no thought for a crash: it is thrown away then.
/// </summary>
internal sealed class BulkReadModel(SqlSession session, Func<SqlSession, ReadModelDbContext> open) : IDisposable
{
    private readonly WriteTransaction transaction = new(session);

    /// <summary>The connection, for what is not written within <see cref="Run"/>.</summary>
    public SqlSession Session => session;

    /// <summary>What can be asked on it.</summary>
    public Statements Statements => transaction;

    /// <summary>Entities over the same connection.</summary>
    public ReadModelDbContext OpenContext() => open(session);

    /// <summary>Runs work in a transaction.</summary>
    public void Run(Action<WriteTransaction> work) =>
        transaction.Run(all =>
        {
            work(all);
            return true;
        });

    /// <inheritdoc/>
    public void Dispose() => transaction.Dispose();
}
