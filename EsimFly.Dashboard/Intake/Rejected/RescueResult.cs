namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>What verifying the rejected requests again came to.</summary>
/// <param name="Tried">How many could be verified again.</param>
/// <param name="Saved">How many became deliveries, or arrivals of deliveries that are known.</param>
internal readonly record struct RescueResult(int Tried, int Saved);
