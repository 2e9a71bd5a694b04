using Microsoft.AspNetCore.SignalR;

namespace EsimFly.Dashboard.Live;

/// <summary>
/// <c>/hubs/live</c>: hands the changes to other programs. A client hears everything, or only the topics that it names in
/// the address: <c>/hubs/live?topic=order&amp;topic=esim</c>.
/// </summary>
internal sealed class LiveHub : Hub<ILiveClient>
{
    /// <summary>The hub's path.</summary>
    public const string Path = "/hubs/live";

    /// <summary>The group of the clients that hear of <paramref name="topic"/>.</summary>
    public static string GroupOf(Topic topic) => TopicName(topic);

    /// <summary>A topic's name on the wire.</summary>
    public static string TopicName(Topic topic) =>
        topic switch
        {
            Topic.Order => "order",
            Topic.Esim => "esim",
            Topic.TopUp => "topup",
            Topic.Balance => "balance",
            Topic.Delivery => "delivery",
            Topic.Rejected => "rejected",
            Topic.Alert => "alert",
            Topic.Case => "case",
            Topic.Account => "account",
            _ => throw new ArgumentOutOfRangeException(nameof(topic)),
        };

    /// <inheritdoc/>
    public override async Task OnConnectedAsync()
    {
        var named = Context.GetHttpContext()?.Request.Query["topic"] ?? default;
        foreach (var topic in Enum.GetValues<Topic>())
        {
            if (named.Count == 0 || named.Contains(TopicName(topic), StringComparer.OrdinalIgnoreCase))
            {
                await Groups.AddToGroupAsync(Context.ConnectionId, GroupOf(topic), Context.ConnectionAborted);
            }
        }

        await base.OnConnectedAsync();
    }
}
