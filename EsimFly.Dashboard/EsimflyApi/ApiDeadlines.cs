namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>How long a request to eSIMfly's API may take in all: every try of it, its headers and its body.</summary>
/// <param name="Click">Where somebody waits for it.</param>
/// <param name="Background">In the background.</param>
internal sealed record ApiDeadlines(TimeSpan Click, TimeSpan Background)
{
    /// <summary>Those that hold outside of tests.</summary>
    public static readonly ApiDeadlines Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
}
