using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>The state of an order, folded from its events. Stored with the row, so that a later event can go on from it.</summary>
internal sealed record OrderState
{
    public string? OrderId { get; init; }

    public string? OrderReference { get; init; }

    public OrderStatus Status { get; init; }

    /// <summary>Whether <c>order.created</c> was seen.</summary>
    public bool IsCreated { get; init; }

    /// <summary>Whether it completed by <c>order.completed</c>, and not only by the look of its eSIMs.</summary>
    public bool IsCompletedByName { get; init; }

    /// <summary>Whether <c>order.completed</c> gave a list of eSIMs, an empty one too.</summary>
    public bool HasEsimList { get; init; }

    public string? PackageCode { get; init; }

    public string? PackageName { get; init; }

    public int? Quantity { get; init; }

    public decimal? Amount { get; init; }

    public string? Currency { get; init; }

    /// <summary>References beside the first, in the order of the events that gave them.</summary>
    public IReadOnlyList<string> OtherReferences { get; init; } = [];

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public bool? CanRetry { get; init; }

    public long? CreatedAtMs { get; init; }

    public long? CompletedAtMs { get; init; }

    public long? FailedAtMs { get; init; }

    public long? FirstAtMs { get; init; }

    public long? LastAtMs { get; init; }

    /// <summary>The eSIMs that its events name, in the order in which they were first named.</summary>
    public IReadOnlyList<string> Iccids { get; init; } = [];

    /// <summary>Whether the state is eSIMfly's API's word, and no event's.</summary>
    public bool IsFromApi { get; init; }

    /// <summary>When eSIMfly's API last answered about it, Unix milliseconds.</summary>
    public long? ObservedAtMs { get; init; }

    public OrderFlags Flags { get; init; }

    /// <summary>The last event that was folded.</summary>
    public FoldKey? Last { get; init; }
}
