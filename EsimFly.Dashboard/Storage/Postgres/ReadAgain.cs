using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// Repeats a read once where its connection was lost, as all pooled ones are when the server is restarted. What writes is never repeated:
/// its outcome is not known. Not EF Core's own strategy, which buffers whole results and reports another kind of exception.
/// </summary>
internal sealed class ReadAgain(ExecutionStrategyDependencies dependencies) : IExecutionStrategy
{
    /// <inheritdoc/>
    public bool RetriesOnFailure => false; // or results would be buffered and transactions refused

    /// <inheritdoc/>
    public TResult Execute<TState, TResult>(
        TState state,
        Func<DbContext, TState, TResult> operation,
        Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded
    )
    {
        try
        {
            return operation(Context, state);
        }
        catch (Exception fault) when (MayAskAgain(fault))
        {
            return operation(Context, state);
        }
    }

    /// <inheritdoc/>
    public async Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            return await operation(Context, state, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && MayAskAgain(fault))
        {
            return await operation(Context, state, cancellationToken);
        }
    }

    private DbContext Context => dependencies.CurrentContext.Context;

    private bool MayAskAgain(Exception fault) =>
        PostgresServer.IsLost(fault) && Context.Database.CurrentTransaction is null && !Context.ChangeTracker.HasChanges();
}
