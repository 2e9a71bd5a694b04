using System.Diagnostics.CodeAnalysis;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Api;

/// <summary>A page of a list.</summary>
internal sealed record ApiPage<TItem>
{
    /// <summary>The items, latest first.</summary>
    public required IReadOnlyList<TItem> Items { get; init; }

    /// <summary>What to pass as <c>after</c> for the next page; null on the last one.</summary>
    public required string? NextCursor { get; init; }
}

/// <summary>An order, as its events say.</summary>
internal sealed record ApiOrder
{
    /// <summary>eSIMfly's order id; null while only the reference is known.</summary>
    public required string? OrderId { get; init; }

    /// <summary>The order's reference.</summary>
    public required string? OrderReference { get; init; }

    /// <summary>Completed is final.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>The package's code.</summary>
    public required string? PackageCode { get; init; }

    /// <summary>The package's name.</summary>
    public required string? PackageName { get; init; }

    /// <summary>How many eSIMs were ordered.</summary>
    public required int? Quantity { get; init; }

    /// <summary>What it cost, in <c>currency</c>.</summary>
    public required decimal? Amount { get; init; }

    /// <summary>The account's currency (ISO 4217).</summary>
    public required string Currency { get; init; }

    /// <summary>The code of the last failure that was not overcome.</summary>
    public required string? ErrorCode { get; init; }

    /// <summary>That failure in eSIMfly's words.</summary>
    public required string? ErrorMessage { get; init; }

    /// <summary>Whether that failure is worth another try.</summary>
    public required bool? CanRetry { get; init; }

    /// <summary>When it was placed.</summary>
    public required DateTime? CreatedAt { get; init; }

    /// <summary>When it completed.</summary>
    public required DateTime? CompletedAt { get; init; }

    /// <summary>When it last failed.</summary>
    public required DateTime? FailedAt { get; init; }

    /// <summary>
    /// When eSIMfly's API last answered about it; its state rests on that alone where the flag <c>from_api</c> is set.
    /// </summary>
    public required DateTime? ObservedAt { get; init; }

    /// <summary>Whether it is test data.</summary>
    public required bool IsTest { get; init; }

    /// <summary>What is odd about it.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>The eSIMs that are known to be its own.</summary>
    public required IReadOnlyList<ApiOrderEsim> Esims { get; init; }
}

/// <summary>An eSIM of an order.</summary>
internal sealed record ApiOrderEsim
{
    /// <summary>Its ICCID.</summary>
    public required string Iccid { get; init; }

    /// <summary>The data plan's state.</summary>
    public required PlanStatus PlanStatus { get; init; }

    /// <summary>The profile's state on the device.</summary>
    public required ProfileStatus ProfileStatus { get; init; }

    /// <summary>When its first data session began.</summary>
    public required DateTime? ActivatedAt { get; init; }

    /// <summary>When its plan ends, top-ups counted.</summary>
    public required DateTime? ExpiresAt { get; init; }
}

/// <summary>An eSIM, as its events say. Its activation code is never part of an answer.</summary>
internal sealed record ApiEsim
{
    /// <summary>Its ICCID.</summary>
    public required string Iccid { get; init; }

    /// <summary>The data plan's state.</summary>
    public required PlanStatus PlanStatus { get; init; }

    /// <summary>The profile's state on the device.</summary>
    public required ProfileStatus ProfileStatus { get; init; }

    /// <summary>The package's code.</summary>
    public required string? PackageCode { get; init; }

    /// <summary>The package's name.</summary>
    public required string? PackageName { get; init; }

    /// <summary>The order that brought it.</summary>
    public required string? OrderId { get; init; }

    /// <summary>That order's reference.</summary>
    public required string? OrderReference { get; init; }

    /// <summary>When its first data session began.</summary>
    public required DateTime? ActivatedAt { get; init; }

    /// <summary>When its plan ends, top-ups counted.</summary>
    public required DateTime? ExpiresAt { get; init; }

    /// <summary>When its plan was reported to have ended.</summary>
    public required DateTime? ExpiredAt { get; init; }

    /// <summary>Data used, in GB.</summary>
    public required decimal? DataUsedGb { get; init; }

    /// <summary>Data in the plan, in GB.</summary>
    public required decimal? DataTotalGb { get; init; }

    /// <summary>When the data sizes were reported.</summary>
    public required DateTime? UsageAsOf { get; init; }

    /// <summary>
    /// When eSIMfly's API last answered about it; its state rests on that alone where the flag <c>from_api</c> is set.
    /// </summary>
    public required DateTime? ObservedAt { get; init; }

    /// <summary>Whether it is test data.</summary>
    public required bool IsTest { get; init; }

    /// <summary>What is odd about it.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>Its top-ups, latest first.</summary>
    public required IReadOnlyList<ApiTopUp> TopUps { get; init; }
}

/// <summary>A top-up that succeeded or failed.</summary>
internal sealed record ApiTopUp
{
    /// <summary>The number of the delivery that reported it.</summary>
    public required long Id { get; init; }

    /// <summary>The eSIM.</summary>
    public required string Iccid { get; init; }

    /// <summary><c>succeeded</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The package's code.</summary>
    public required string? PackageCode { get; init; }

    /// <summary>The package's name.</summary>
    public required string? PackageName { get; init; }

    /// <summary>What it cost, in <c>currency</c>.</summary>
    public required decimal? Amount { get; init; }

    /// <summary>The account's currency (ISO 4217).</summary>
    public required string Currency { get; init; }

    /// <summary>The plan's new end.</summary>
    public required DateTime? NewExpiryAt { get; init; }

    /// <summary>Why it failed.</summary>
    public required string? ErrorCode { get; init; }

    /// <summary>Why it failed, in eSIMfly's words.</summary>
    public required string? ErrorMessage { get; init; }

    /// <summary>When it took place.</summary>
    public required DateTime? OccurredAt { get; init; }

    /// <summary>Whether it is test data.</summary>
    public required bool IsTest { get; init; }
}

/// <summary>The account's balance, as it was last reported or read; all null before that.</summary>
internal sealed record ApiBalance
{
    /// <summary>The balance, in <c>currency</c>.</summary>
    public required decimal? CurrentBalance { get; init; }

    /// <summary>The threshold that it was reported against.</summary>
    public required decimal? Threshold { get; init; }

    /// <summary>The account's currency (ISO 4217).</summary>
    public required string Currency { get; init; }

    /// <summary>Whether it is below the threshold.</summary>
    public required bool IsLow { get; init; }

    /// <summary>When that was so.</summary>
    public required DateTime? AsOf { get; init; }

    /// <summary>Whether eSIMfly's API answered it; else <c>balance.low</c> reported it.</summary>
    public required bool FromApi { get; init; }
}

/// <summary>A delivery: one signed body, however often it came.</summary>
internal record ApiDelivery
{
    /// <summary>Its number here: higher is later.</summary>
    public required long Id { get; init; }

    /// <summary>The id that the sender gave it.</summary>
    public required string? DeliveryId { get; init; }

    /// <summary>The event's name.</summary>
    public required string? Event { get; init; }

    /// <summary>The contract whose headers it has, such as <c>2025-11</c>.</summary>
    public required string Contract { get; init; }

    /// <summary>The form of the body whose signature matched: <c>raw_body</c>, <c>json_stringify</c> or <c>json_dumps</c>.</summary>
    public required string SignedForm { get; init; }

    /// <summary>Where its processing stands.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>When it first arrived.</summary>
    public required DateTime ReceivedAt { get; init; }

    /// <summary>When its processing ended.</summary>
    public required DateTime? ProcessedAt { get; init; }

    /// <summary>How many requests brought it.</summary>
    public required int Arrivals { get; init; }

    /// <summary>How many of them were repetitions.</summary>
    public required int Duplicates { get; init; }

    /// <summary>What is odd about it.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>Why it is failed, dead or quarantined.</summary>
    public required string? Error { get; init; }

    /// <summary>Whether the test secret signed it.</summary>
    public required bool IsTest { get; init; }
}

/// <summary>A delivery with its body and its arrivals.</summary>
internal sealed record ApiDeliveryDetail : ApiDelivery
{
    /// <summary>Adds to what the list has.</summary>
    [SetsRequiredMembers]
    public ApiDeliveryDetail(ApiDelivery delivery, string? body, IReadOnlyList<ApiArrival> arrivalLog)
        : base(delivery) => (Body, ArrivalLog) = (body, arrivalLog);

    /// <summary>The body as text, every code masked; null where it is not JSON.</summary>
    public string? Body { get; init; }

    /// <summary>The requests that brought it, latest first, at most 200.</summary>
    public IReadOnlyList<ApiArrival> ArrivalLog { get; init; }
}

/// <summary>A request that brought a delivery.</summary>
internal sealed record ApiArrival
{
    /// <summary>When it came.</summary>
    public required DateTime ReceivedAt { get; init; }

    /// <summary>The HTTP status that it was answered with.</summary>
    public required int Status { get; init; }

    /// <summary>From the request to its answer, in milliseconds.</summary>
    public required decimal? DurationMs { get; init; }

    /// <summary>The sender's address.</summary>
    public required string? Address { get; init; }
}

/// <summary>How the desk has fared with its deliveries. Test deliveries are in no figure.</summary>
internal sealed record ApiStats
{
    /// <summary>From when on deliveries are counted.</summary>
    public required DateTime Since { get; init; }

    /// <summary>Distinct deliveries that arrived since then.</summary>
    public required long Received { get; init; }

    /// <summary>Of these: folded.</summary>
    public required long Processed { get; init; }

    /// <summary>Of these: failed, and tried again.</summary>
    public required long Failed { get; init; }

    /// <summary>Of these: signed, but unusable.</summary>
    public required long Quarantined { get; init; }

    /// <summary>Of these: failed too often, waiting for a person.</summary>
    public required long Dead { get; init; }

    /// <summary>Requests that repeated one of these.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Requests since then that did not verify, as far as the bounded log of them goes back.</summary>
    public required long Rejected { get; init; }

    /// <summary>From arrival to the end of processing, in milliseconds: the mean.</summary>
    public required double? AverageProcessMs { get; init; }

    /// <summary>The same: the median.</summary>
    public required long? P50ProcessMs { get; init; }

    /// <summary>The same: 95 % took no longer.</summary>
    public required long? P95ProcessMs { get; init; }

    /// <summary>The same: 99 % took no longer.</summary>
    public required long? P99ProcessMs { get; init; }

    /// <summary>How many wait to be processed now.</summary>
    public required long Backlog { get; init; }

    /// <summary>Since when the oldest of them waits.</summary>
    public required DateTime? BacklogOldestAt { get; init; }
}
