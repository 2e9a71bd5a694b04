namespace EsimFly.Dashboard.Storage.Workers;

/// <summary>
/// Runs what others wait for, such as work that holds a gate or makes what many share, on no page's context: there it would go on only
/// when that page has time for it, and all others would wait for that page.
/// </summary>
internal static class Detached
{
    /// <summary>Runs the work; at once where there is no context to leave.</summary>
    public static Task RunAsync(Func<Task> work) => SynchronizationContext.Current is null ? work() : Task.Run(work);

    /// <inheritdoc cref="RunAsync"/>
    public static Task<T> RunAsync<T>(Func<Task<T>> work) => SynchronizationContext.Current is null ? work() : Task.Run(work);
}
