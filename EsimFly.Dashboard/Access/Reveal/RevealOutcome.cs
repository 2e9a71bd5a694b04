namespace EsimFly.Dashboard.Access.Reveal;

/// <summary>What came of asking for a code.</summary>
/// <param name="Code">The code, opened; null where there is none or it stays closed.</param>
/// <param name="Problem">Why it stays closed, in a sentence; null where it does not.</param>
internal readonly record struct RevealOutcome(RevealedCode? Code, string? Problem);
