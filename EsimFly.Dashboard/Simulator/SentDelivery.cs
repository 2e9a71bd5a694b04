namespace EsimFly.Dashboard.Simulator;

/// <summary>Something that was sent, and how far it has come.</summary>
public sealed class SentDelivery(SimulatedRequest request, long sentAtMs, long sentAt)
{
    /// <summary>The request.</summary>
    public SimulatedRequest Request { get; } = request;

    /// <summary>When it was sent, Unix milliseconds.</summary>
    public long SentAtMs { get; } = sentAtMs;

    /// <summary>The same on the clock that measures.</summary>
    public long SentAt { get; } = sentAt;

    /// <summary>What it was answered; null while that is waited for.</summary>
    public SimulatedAnswer? Answer { get; set; }

    /// <summary>What the stores have of it.</summary>
    public SimulatedTrace? Trace { get; set; }

    /// <summary>Whether the browser was asked when it had painted it.</summary>
    public bool IsAsked { get; set; }

    /// <summary>How long after it was sent this browser showed it as processed.</summary>
    public TimeSpan? ShownAfter { get; set; }
}
