namespace EsimFly.Dashboard.Access.Audit;

/// <summary>Something to be written into the audit log.</summary>
/// <param name="Action">What was done: see <see cref="AuditActions"/>.</param>
/// <param name="Subject">To what, such as an ICCID.</param>
/// <param name="Detail">More about it, in words; never a secret or a code.</param>
internal sealed record AuditEntry(string Action, string? Subject = null, string? Detail = null)
{
    /// <summary>Who did it; null for the program itself, or for someone who is not known.</summary>
    public Actor? Actor { get; init; }

    /// <summary>What to call who did it where there is no <see cref="Actor"/>.</summary>
    public string ActorName { get; init; } = "the program";

    /// <summary>The address that the request came from; null for that of the request or open page that is being served.</summary>
    public string? Address { get; init; }
}
