using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Access;

/// <summary>Says when accounts or tokens were changed by whatever instance: who is here is asked again at once.</summary>
internal sealed class AccessNews : IDisposable
{
    private readonly IDisposable listening;
    private long changes;

    /// <summary>Listens from now on.</summary>
    public AccessNews(Peers peers) => listening = peers.Listen(Hear);

    /// <summary>Called with each change, on any thread.</summary>
    public event EventHandler? Changed;

    /// <summary>How many changes were heard of.</summary>
    public long Changes => Interlocked.Read(ref changes);

    /// <inheritdoc/>
    public void Dispose() => listening.Dispose();

    private void Hear(PeerNews news)
    {
        if (news is { About: PeerNews.Stored, Text: "Accounts" or "ApiTokens" } or { About: PeerNews.Missed })
        {
            Interlocked.Increment(ref changes);
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
