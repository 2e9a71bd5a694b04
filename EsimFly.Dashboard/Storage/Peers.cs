namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The other instances that use the same stores: what one sends, all others hear soon, once and in order, or they hear that they have
/// missed something. Where there are no others, nothing is sent or heard.
/// </summary>
internal abstract class Peers
{
    private readonly Lock gate = new();
    private Action<PeerNews>[] listeners = [];

    /// <summary>Whether there may be others.</summary>
    public abstract bool AreThere { get; }

    /// <summary>Sends something to the others. Nobody is waited for; of most news only the last of a moment is sent.</summary>
    public abstract void Tell(string about, string text);

    /// <summary>Hears what others tell, on any thread, from now on.</summary>
    /// <returns>Ends it.</returns>
    public IDisposable Listen(Action<PeerNews> heard)
    {
        lock (gate)
        {
            listeners = [.. listeners, heard];
        }

        return new Listener(() =>
        {
            lock (gate)
            {
                listeners = [.. listeners.Where(other => other != heard)];
            }
        });
    }

    /// <summary>Passes news to all listeners.</summary>
    protected void Pass(PeerNews news)
    {
        foreach (var listener in listeners)
        {
            try
            {
                listener(news);
            }
            catch (Exception fault) // or one would keep the news from the others, and break the line
            {
                ListenerFailed(fault);
            }
        }
    }

    /// <summary>A listener failed on news; the others have heard it.</summary>
    protected virtual void ListenerFailed(Exception fault) { }

    private sealed class Listener(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

/// <summary>Something that another instance tells.</summary>
/// <param name="About">What it is about: one of the constants here.</param>
/// <param name="Text">What there is to say about it.</param>
internal readonly record struct PeerNews(string About, string Text)
{
    /// <summary>A table of the event log was written; the text is its name.</summary>
    public const string Stored = "stored";

    /// <summary>Entries were appended to the log, the text is the number of the last.</summary>
    public const string Appended = "appended";

    /// <summary>The log was projected into the read model up to the entry with this number.</summary>
    public const string Folded = "folded";

    /// <summary>A delivery is to be tried again at once.</summary>
    public const string Retry = "retry";

    /// <summary>What open pages show has changed; the text is the room Live's.</summary>
    public const string Live = "live";

    /// <summary>The line was down for a while: anything may have been missed.</summary>
    public const string Missed = "missed";
}

/// <summary>Nobody.</summary>
internal sealed class NoPeers : Peers
{
    /// <inheritdoc/>
    public override bool AreThere => false;

    /// <inheritdoc/>
    public override void Tell(string about, string text)
    {
        // There is nobody to hear it.
    }
}
