using System.Globalization;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// What a standby does while another instance projects the log into the read model: it follows where the read model stands, and learns of
/// what it has to know when it takes over.
/// </summary>
internal sealed class StandBy : IDisposable
{
    private readonly ReadModelDatabase readModel;
    private readonly ReadModelState state;
    private readonly ReadModelBuilder builder;
    private readonly LogSignal signal;
    private readonly Leases leases;
    private readonly ChangeNotifier notifier;
    private readonly IDisposable listening;
    private long followed;
    private volatile bool hasHeard;

    /// <summary>Listens from now on.</summary>
    public StandBy(
        ReadModelDatabase readModel,
        ReadModelState state,
        ReadModelBuilder builder,
        LogSignal signal,
        Leases leases,
        Peers peers,
        ChangeNotifier notifier
    )
    {
        (this.readModel, this.state, this.builder, this.signal, this.leases, this.notifier) = (
            readModel,
            state,
            builder,
            signal,
            leases,
            notifier
        );
        listening = peers.Listen(Hear);
    }

    /// <summary>Looks where the read model stands, however little was heard of it.</summary>
    public void Follow()
    {
        if (readModel.Inspect() is not { } mark)
        {
            return; // it is being built
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

    /// <summary>Takes over: from where the read model stands, and with whatever is due.</summary>
    public void TakeOver()
    {
        if (readModel.Inspect() is { } mark)
        {
            state.Position = mark.Seq;
            state.Building = null;
        }

        builder.RetryAt(0);
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
            case PeerNews.Folded when long.TryParse(news.Text, CultureInfo.InvariantCulture, out var seq) && !leases.IsProjector:
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
