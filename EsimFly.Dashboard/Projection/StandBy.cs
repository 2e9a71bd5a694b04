using System.Globalization;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// What an instance does while another works the log into the desk: it follows where the desk stands, and learns of what it has to know
/// when it takes over.
/// </summary>
internal sealed class StandBy : IDisposable
{
    private readonly DeskDatabase desk;
    private readonly DeskState state;
    private readonly DeskBuilder builder;
    private readonly LogSignal signal;
    private readonly Duties duties;
    private readonly ChangeNotifier notifier;
    private readonly IDisposable listening;
    private long followed;
    private volatile bool hasHeard;

    /// <summary>Listens from now on.</summary>
    public StandBy(
        DeskDatabase desk,
        DeskState state,
        DeskBuilder builder,
        LogSignal signal,
        Duties duties,
        Peers peers,
        ChangeNotifier notifier
    )
    {
        (this.desk, this.state, this.builder, this.signal, this.duties, this.notifier) = (desk, state, builder, signal, duties, notifier);
        listening = peers.Listen(Hear);
    }

    /// <summary>Looks where the desk stands, however little was heard of it.</summary>
    public void Follow()
    {
        if (desk.Inspect() is not { } mark)
        {
            return; // it is being worked out
        }

        var wasBuilding = state.Building is not null;
        var isAhead = mark.Seq != Interlocked.Exchange(ref followed, mark.Seq);
        state.Position = mark.Seq;
        state.Building = null;
        if (wasBuilding || (isAhead && !hasHeard))
        {
            notifier.PublishEverything(); // an instance moved it that went before its news did
        }

        hasHeard = false;
    }

    /// <summary>Takes over: from where the desk stands, and with whatever is due.</summary>
    public void TakeOver()
    {
        if (desk.Inspect() is { } mark)
        {
            state.Position = mark.Seq;
            state.Building = null;
        }

        builder.LookedForRetries(0);
    }

    /// <inheritdoc/>
    public void Dispose() => listening.Dispose();

    private void Hear(PeerNews news)
    {
        switch (news.About)
        {
            case PeerNews.Appended when long.TryParse(news.Text, CultureInfo.InvariantCulture, out var seq):
                signal.AppendedElsewhere(seq);
                break;
            case PeerNews.Folded when long.TryParse(news.Text, CultureInfo.InvariantCulture, out var seq) && !duties.Projects:
                state.Position = Math.Max(state.Position, seq);
                break;
            case PeerNews.Live:
                hasHeard = true;
                break;
            case PeerNews.Retry:
                builder.RetryAt(0);
                signal.Wake();
                break;
            case PeerNews.Missed:
                builder.RetryAt(0);
                signal.Wake();
                break;
        }
    }
}
