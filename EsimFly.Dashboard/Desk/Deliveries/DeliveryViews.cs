using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>The ways to look at the deliveries, as the page, its address and its export name them.</summary>
internal static class DeliveryViews
{
    /// <summary>The states, in the address and on the page.</summary>
    public static IReadOnlyList<(string Value, string Word)> Choices { get; } =
    [("pending", "Pending"), ("processed", "Processed"), ("failed", "Retrying"), ("dead", "Dead"), ("quarantined", "Quarantined")];

    /// <summary>The names of all events.</summary>
    public static IReadOnlyList<string> Events { get; } = [.. EventTypes.All.Select(type => type.Name())];

    /// <summary>The filter of a view.</summary>
    public static DeliveryFilter Filter(string? search, string? state, string? eventName, bool isOldestFirst) =>
        new(
            search,
            Enum.TryParse<DeliveryState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null,
            eventName
        )
        {
            IsOldestFirst = isOldestFirst,
        };
}
