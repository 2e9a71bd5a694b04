namespace EsimFly.Dashboard.Inbox;

/// <summary>
/// Verifies the rejected requests again, after a secret was added or a form switched on: those that pass become deliveries without waiting
/// for a retry.
/// </summary>
internal interface IRejectedRescue
{
    /// <summary>Verifies all that are kept and can be verified.</summary>
    /// <returns>What it came to.</returns>
    Task<RescueResult> RescueAsync(CancellationToken cancellationToken);

    /// <summary>Verifies one.</summary>
    /// <returns>The number of the delivery that it became, or is an arrival of; null where it does not verify.</returns>
    Task<long?> RescueAsync(long id, CancellationToken cancellationToken);
}

/// <summary>What verifying the rejected requests again came to.</summary>
/// <param name="Tried">How many could be verified again.</param>
/// <param name="Saved">How many became deliveries, or arrivals of deliveries that are known.</param>
internal readonly record struct RescueResult(int Tried, int Saved);
