using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Access;

/// <summary>Says when accounts or tokens were changed by whatever instance: who is here is asked again at once.</summary>
internal sealed partial class AccessNews : IDisposable
{
    private readonly IDisposable listening;
    private readonly ILogger<AccessNews> logger;
    private long changes;

    /// <summary>Listens from now on.</summary>
    public AccessNews(Peers peers, ILogger<AccessNews> logger)
    {
        this.logger = logger;
        listening = peers.Listen(Hear);
    }

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
            foreach (var listener in Changed?.GetInvocationList().Cast<EventHandler>() ?? [])
            {
                try
                {
                    listener(this, EventArgs.Empty);
                }
                catch (Exception fault) // or one page would keep the news from all others
                {
                    Log.ListenerFailed(logger, fault);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "An open page could not be asked whether its account may stay; its next check asks again.")]
        public static partial void ListenerFailed(ILogger logger, Exception fault);
    }
}
