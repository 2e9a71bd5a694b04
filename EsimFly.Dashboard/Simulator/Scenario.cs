namespace EsimFly.Dashboard.Simulator;

/// <summary>A story that eSIMfly might tell, and what the desk should make of it.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Title">What it is called on the page.</param>
/// <param name="Should">What should happen, in a sentence.</param>
/// <param name="Tell">Tells it.</param>
internal sealed record Scenario(string Name, string Title, string Should, Func<ScenarioPlay, Task> Tell);

/// <summary>Something that should be so after a scenario.</summary>
/// <param name="Says">What.</param>
/// <param name="Holds">Whether it is.</param>
/// <param name="Found">What was found instead; null where it holds.</param>
internal sealed record ScenarioCheck(string Says, bool Holds, string? Found = null);

/// <summary>A step that was done.</summary>
/// <param name="Says">What was sent.</param>
/// <param name="Answer">What it was answered with.</param>
internal sealed record ScenarioProgress(string Says, SimulatedAnswer Answer);
