namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>An order, folded from its events.</summary>
public sealed class OrderEntity : IHasEnvironment
{
    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>
    /// <c>id:</c> and eSIMfly's order id, or, while only a reference is known, <c>ref:</c> and the order's reference.
    /// </summary>
    public required string OrderKey { get; set; }

    /// <summary>eSIMfly's order id.</summary>
    public string? OrderId { get; set; }

    /// <summary>The order's reference.</summary>
    public string? OrderReference { get; set; }

    /// <summary><see cref="OrderId"/> as <see cref="SearchKey"/> normalises it.</summary>
    public string? OrderIdSearch { get; set; }

    /// <summary><see cref="OrderReference"/> as <see cref="SearchKey"/> normalises it.</summary>
    public string? OrderReferenceSearch { get; set; }

    /// <summary><see cref="OrderIdSearch"/> backwards, for search by the last digits.</summary>
    public string? OrderIdReversed { get; set; }

    /// <summary><see cref="OrderReferenceSearch"/> backwards, for search by its end, without a prefix.</summary>
    public string? OrderReferenceReversed { get; set; }

    /// <summary>Further references that its events gave it, a blank between; null where there are none.</summary>
    public string? OtherReferences { get; set; }

    /// <summary>The same as <see cref="SearchKey"/> normalises them, a blank before each.</summary>
    public string? OtherReferencesSearch { get; set; }

    /// <summary>Its state. Completed is final.</summary>
    public OrderStatus Status { get; set; }

    /// <summary>The package's code.</summary>
    public string? PackageCode { get; set; }

    /// <summary>The package's name.</summary>
    public string? PackageName { get; set; }

    /// <summary>How many eSIMs were ordered.</summary>
    public int? Quantity { get; set; }

    /// <summary>What it cost, in the account's currency.</summary>
    public decimal? Amount { get; set; }

    /// <summary>The currency that the payload named; null where it named none, and the account's counts.</summary>
    public string? Currency { get; set; }

    /// <summary>The code of the last failure that was not overcome.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>The message of that failure.</summary>
    public string? ErrorMessage { get; set; }

    /// <summary>Whether that failure is worth another try.</summary>
    public bool? CanRetry { get; set; }

    /// <summary>When it was placed, Unix milliseconds.</summary>
    public long? CreatedAtMs { get; set; }

    /// <summary>When it completed, Unix milliseconds.</summary>
    public long? CompletedAtMs { get; set; }

    /// <summary>When it last failed, Unix milliseconds.</summary>
    public long? FailedAtMs { get; set; }

    /// <summary>The timestamp of its first event, Unix milliseconds, 0 where none has one: the order of lists.</summary>
    public long SortAtMs { get; set; }

    /// <summary>The timestamp of its last event, Unix milliseconds.</summary>
    public long? LastEventAtMs { get; set; }

    /// <summary>When eSIMfly's API last answered about it, Unix milliseconds; null for never.</summary>
    public long? ObservedAtMs { get; set; }

    /// <summary>How many eSIMs are known to be its own.</summary>
    public int EsimCount { get; set; }

    /// <summary>What is odd about it.</summary>
    public OrderFlags Flags { get; set; }

    /// <summary>The fold's whole state as JSON, from which a later event goes on.</summary>
    public required string FoldState { get; set; }
}
