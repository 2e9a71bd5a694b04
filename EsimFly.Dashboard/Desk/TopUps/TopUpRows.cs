using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.TopUps;

/// <summary>Which top-ups a list shows.</summary>
/// <param name="Search">The first or the last digits of an ICCID.</param>
/// <param name="Succeeded">Their outcome; null for either.</param>
/// <param name="IsOpen">Only those after which none of the same eSIM has succeeded.</param>
/// <param name="ErrorCode">Of failed ones: why.</param>
internal sealed record TopUpFilter(string? Search, bool? Succeeded, bool IsOpen, string? ErrorCode)
{
    /// <summary>True for test data, false for live data; null for both.</summary>
    public bool? IsTest { get; init; }

    /// <summary>On these days; those without a date are on none.</summary>
    public DayRange Days { get; init; }

    /// <summary>Whether the oldest come first.</summary>
    public bool IsOldestFirst { get; init; }
}

/// <summary>A place in the list of top-ups: the key of a row.</summary>
internal readonly record struct TopUpPosition(long SortAtMs, long DeliverySeq)
{
    /// <summary>Reads it from an address; null for the first page.</summary>
    public static TopUpPosition? Read(string? trail) =>
        PageTrail.PartsOf(trail, 2) is [var at, var seq] && PageTrail.Number(seq) is { } deliverySeq
            ? new(PageTrail.Number(at) ?? 0, deliverySeq)
            : null;
}

/// <summary>A top-up in a list.</summary>
internal sealed record TopUpRow(
    long DeliverySeq,
    bool IsTest,
    string Iccid,
    bool Succeeded,
    string? PackageCode,
    string? PackageName,
    decimal? Amount,
    long? NewExpiryMs,
    string? ErrorCode,
    string? ErrorMessage,
    long? OccurredAtMs
)
{
    /// <summary>Its place in the list, in an address.</summary>
    public string Place => PageTrail.PlaceOf(OccurredAtMs ?? 0, DeliverySeq);

    /// <summary>Its place in the list.</summary>
    public TopUpPosition Position => new(OccurredAtMs ?? 0, DeliverySeq);

    /// <summary>When it came here, Unix milliseconds.</summary>
    public long? ReceivedAtMs { get; init; }

    /// <summary>How the eSIM's plan stands now; null where the eSIM is not known.</summary>
    public PlanStatus? Plan { get; init; }

    /// <summary>The currency that the payload named; null for the account's.</summary>
    public string? Currency { get; init; }
}
