using System.Collections.Immutable;
using Microsoft.AspNetCore.SignalR;

namespace EsimFly.Dashboard.Live;

/// <summary>Carries the changes from the notifier to the hub's clients.</summary>
internal sealed class LiveBroadcaster(ChangeNotifier notifier, IHubContext<LiveHub, ILiveClient> hub) : IHostedService, IDisposable
{
    private ImmutableArray<IDisposable> subscriptions = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscriptions = [.. Enum.GetValues<Topic>().Select(topic => notifier.Subscribe([topic], changes => SendAsync(topic, changes)))];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var subscription in ImmutableInterlocked.InterlockedExchange(ref subscriptions, []))
        {
            subscription.Dispose();
        }
    }

    private Task SendAsync(Topic topic, ChangeSet changes)
    {
        var name = LiveHub.TopicName(topic);
        return hub
            .Clients.Group(LiveHub.GroupOf(topic))
            .Changed(
                new LiveMessage([.. changes.Changes.Select(change => new LiveChange(name, change.Key, change.IsTest))], changes.IsPartial)
            );
    }
}
