using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>A store of a version of this program that had no log: it is brought over.</summary>
internal interface IEarlierStore
{
    /// <summary>Keeps its numbers free, before anything is appended. Called at start.</summary>
    /// <returns>Whether there is anything to bring over.</returns>
    bool Prepare(WriteTransaction transaction);

    /// <summary>Brings over what is left; does nothing where there is nothing.</summary>
    /// <param name="progress">Hears how many old rows are in the log, and of how many.</param>
    /// <param name="cancellationToken">Ends it between two pieces; the next start goes on.</param>
    Task RunAsync(Action<(long Done, long Total)> progress, CancellationToken cancellationToken);
}
