using EsimFly.Dashboard.Desk.Events;

namespace EsimFly.Dashboard.Desk.Verdicts;

/// <summary>How a verdict sounds.</summary>
public enum VerdictTone
{
    /// <summary>All is as it should be.</summary>
    Good,

    /// <summary>It takes its time; nothing to do.</summary>
    Waiting,

    /// <summary>The customer or the support has something to do.</summary>
    Warning,

    /// <summary>It does not work, or will not by itself.</summary>
    Bad,

    /// <summary>What was received does not say.</summary>
    Unknown,
}

/// <summary>The answer to "what is wrong with it", in plain words.</summary>
/// <param name="Tone">How it sounds.</param>
/// <param name="Says">The state, in a short sentence.</param>
/// <param name="Next">What to do next.</param>
/// <param name="Basis">The event that it rests on; null where it rests on none.</param>
public sealed record Verdict(VerdictTone Tone, string Says, string Next, EventRow? Basis)
{
    /// <summary>What else is to be known, each a sentence.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>What the absence of an event means for it, where it rests on one that has not come.</summary>
    public string? Missing { get; init; }
}
