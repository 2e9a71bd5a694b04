namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>What should have come by the grammar of the events.</summary>
public enum MissingKind
{
    /// <summary>An order ended that was never created: <c>order.created</c>.</summary>
    OrderCreated,

    /// <summary>An order was created and did not end: <c>order.completed</c> or <c>order.failed</c>.</summary>
    OrderEnd,

    /// <summary>Something happened to an eSIM that no order brought: <c>order.completed</c> or <c>esim.provisioned</c>.</summary>
    OrderOfEsim,

    /// <summary>A plan is past its end: <c>esim.expired</c>, or <c>esim.status.changed</c> to EXPIRED.</summary>
    EsimExpired,
}

/// <summary>An event that should have come and has not. It is over when it comes.</summary>
/// <param name="Kind">Which.</param>
/// <param name="IsTest">True for test data.</param>
/// <param name="Subject">The order's id or reference, or the ICCID.</param>
/// <param name="PackageName">What was ordered.</param>
/// <param name="SinceMs">Since when it is to be expected, Unix milliseconds; 0 where its subject's events bear no time.</param>
public sealed record MissingEvent(MissingKind Kind, bool IsTest, string Subject, string? PackageName, long SinceMs)
{
    /// <summary>Whether it is about an order; else about an eSIM.</summary>
    public bool IsOfOrder => Kind is MissingKind.OrderCreated or MissingKind.OrderEnd;
}
