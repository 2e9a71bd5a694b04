using System.Globalization;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Live;

/// <summary>
/// Tells the other instances what this one has published, and publishes here what they tell, each to its own pages and hub: no backplane.
/// Where the line was down, everything is looked at again.
/// </summary>
internal sealed class LiveRelay(ChangeNotifier notifier, Peers peers) : IHostedService, IDisposable
{
    private const char Between = '\n';
    private const char Within = ',';
    private const string Much = "*";

    // More of one topic are not named one by one.
    private const int MostNamed = 100;

    private const int LongestKey = 60;

    private IDisposable? listening;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (peers.AreThere)
        {
            listening = peers.Listen(Hear);
            notifier.Passed = changes => peers.Tell(PeerNews.Live, Write(changes));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => listening?.Dispose();

    /// <summary>Changes as a text: a line each, with topic, environment and key, or a topic of which much has changed.</summary>
    internal static string Write(IReadOnlyCollection<Change>? changes) =>
        changes is null
            ? ""
            : string.Join(
                Between,
                changes
                    .GroupBy(static change => change.Topic)
                    .SelectMany(static group =>
                        group.Count() > MostNamed
                        || group.Any(static change => change.Key.Length > LongestKey || change.Key.Contains(Between))
                            ? [Name(group.Key) + Within + Much]
                            : group.Select(static change => $"{Name(change.Topic)}{Within}{(change.IsTest ? 1 : 0)}{Within}{change.Key}")
                    )
            );

    private void Hear(PeerNews news)
    {
        if (news.About is PeerNews.Missed || news is { About: PeerNews.Live, Text: "" })
        {
            notifier.Hear(null, []);
        }
        else if (news.About is PeerNews.Live)
        {
            var lines = news.Text.Split(Between).Select(static line => line.Split(Within, 3)).ToList();
            notifier.Hear(
                [
                    .. lines
                        .Where(static line => line.Length == 3 && TopicOf(line[0]) is not null)
                        .Select(static line => new Change(TopicOf(line[0])!.Value, line[2], line[1] is "1")),
                ],
                [.. lines.Where(static line => line is [_, Much]).Select(static line => TopicOf(line[0])).OfType<Topic>()]
            );
        }
    }

    private static string Name(Topic topic) => ((int)topic).ToString(CultureInfo.InvariantCulture);

    // Null for one that only a later version knows.
    private static Topic? TopicOf(string name) =>
        int.TryParse(name, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((Topic)number) ? (Topic)number : null;
}
