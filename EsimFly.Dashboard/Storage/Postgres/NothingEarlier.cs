using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>There was no version without a log there.</summary>
internal sealed class NothingEarlier : IEarlierStore
{
    /// <inheritdoc/>
    public bool Prepare(WriteTransaction transaction) => false;

    /// <inheritdoc/>
    public Task RunAsync(Action<(long Done, long Total)> progress, CancellationToken cancellationToken) => Task.CompletedTask;
}
