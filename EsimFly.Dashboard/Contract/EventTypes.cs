using System.Collections.Frozen;

namespace EsimFly.Dashboard.Contract;

/// <summary>The events' names on the wire and the order in which causes come before effects.</summary>
internal static class EventTypes
{
    private static readonly FrozenDictionary<string, EventType> ByName = new Dictionary<string, EventType>(StringComparer.Ordinal)
    {
        ["order.created"] = EventType.OrderCreated,
        ["order.completed"] = EventType.OrderCompleted,
        ["order.failed"] = EventType.OrderFailed,
        ["esim.provisioned"] = EventType.EsimProvisioned,
        ["esim.installed"] = EventType.EsimInstalled,
        ["esim.profile.updated"] = EventType.EsimProfileUpdated,
        ["esim.activated"] = EventType.EsimActivated,
        ["esim.status.changed"] = EventType.EsimStatusChanged,
        ["esim.usage.threshold"] = EventType.EsimUsageThreshold,
        ["esim.expired"] = EventType.EsimExpired,
        ["topup.failed"] = EventType.TopUpFailed,
        ["topup.completed"] = EventType.TopUpCompleted,
        ["balance.low"] = EventType.BalanceLow,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<EventType, string> Names = ByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    // No webhook has these names: what comes under one of them is not known.
    private static readonly FrozenDictionary<EventType, string> Observed = new Dictionary<EventType, string>
    {
        [EventType.OrderObserved] = "order from the API",
        [EventType.EsimObserved] = "eSIM from the API",
        [EventType.BalanceObserved] = "balance from the API",
    }.ToFrozenDictionary();

    /// <summary>Every event of either contract.</summary>
    public static IReadOnlyList<EventType> All { get; } = [.. Names.Keys.Order()];

    /// <summary>The event's name on the wire, such as <c>order.created</c>; of an observation, what it is.</summary>
    public static string Name(this EventType type) => Names.TryGetValue(type, out var name) ? name : Observed[type];

    /// <summary>Whether it was not sent by eSIMfly, but answered by its API.</summary>
    public static bool IsObservation(this EventType type) => Observed.ContainsKey(type);

    /// <summary>The event of that name, or null for one that no contract knows.</summary>
    public static EventType? Find(string? name) => name is not null && ByName.TryGetValue(name, out var type) ? type : null;

    /// <summary>
    /// Orders events that bear the same timestamp: what must have happened first has the lower rank. A failed order may
    /// be tried again and complete, and a top-up comes before the expiry that it did not prevent.
    /// </summary>
    public static int CausalRank(this EventType type) =>
        type switch
        {
            EventType.OrderCreated => 10,
            EventType.OrderFailed => 20,
            EventType.OrderCompleted => 30,
            EventType.EsimProvisioned => 40,
            EventType.EsimInstalled => 50,
            EventType.EsimProfileUpdated => 60,
            EventType.EsimActivated => 70,
            EventType.EsimStatusChanged => 80,
            EventType.EsimUsageThreshold => 90,
            EventType.TopUpFailed => 100,
            EventType.TopUpCompleted => 110,
            EventType.EsimExpired => 120,
            EventType.BalanceLow => 130,
            _ => 140, // what was asked for is as of then
        };
}
