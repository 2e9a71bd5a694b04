using EsimFly.Dashboard.Intake.Rejected;

namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>What adding a signing secret came to.</summary>
/// <param name="Problem">Why it was not added, in a sentence; null where it was.</param>
/// <param name="Rescue">What verifying the rejected requests again came to.</param>
internal readonly record struct SecretOutcome(string? Problem, RescueResult Rescue = default);
