using System.ComponentModel.DataAnnotations;

namespace EsimFly.Dashboard.Intake.Log;

/// <summary>The bounds of appending to the log: the section <c>Inbox</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Inbox";

    /// <summary>How many deliveries may wait for their commit; one more is answered 503.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Inbox:QueueCapacity must lie between 1 and 1,000,000.")]
    public int QueueCapacity { get; set; } = 8192;

    /// <summary>How many are committed in one transaction at the most.</summary>
    [Range(1, 10_000, ErrorMessage = "Inbox:BatchSize must lie between 1 and 10,000.")]
    public int BatchSize { get; set; } = 512;
}
