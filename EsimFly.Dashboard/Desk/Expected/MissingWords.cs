namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>What has not come, in plain words.</summary>
internal static class MissingWords
{
    /// <summary>The heading of those of one kind.</summary>
    public static string Title(MissingKind kind) =>
        kind switch
        {
            MissingKind.OrderCreated => "Ended, never created",
            MissingKind.OrderEnd => "Created, never ended",
            MissingKind.OrderOfEsim => "eSIMs of no known order",
            _ => "Past their end, not reported as expired",
        };

    /// <summary>What that means, in a few words.</summary>
    public static string Says(MissingKind kind) =>
        kind switch
        {
            MissingKind.OrderCreated => "what was ordered, and for how much, is not known",
            MissingKind.OrderEnd => "the customer waits; ask eSIMfly",
            MissingKind.OrderOfEsim => "no order.completed or esim.provisioned brought them",
            _ => "the plan has ended by its date",
        };

    /// <summary>The event that is expected.</summary>
    public static string Event(MissingKind kind) =>
        kind switch
        {
            MissingKind.OrderCreated => "order.created",
            MissingKind.OrderEnd => "order.completed or order.failed",
            MissingKind.OrderOfEsim => "order.completed or esim.provisioned",
            _ => "esim.expired",
        };
}
