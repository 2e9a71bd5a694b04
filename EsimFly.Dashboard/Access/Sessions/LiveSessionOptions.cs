namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>How live connections are held to their sessions. Not bound to settings; tests shorten it.</summary>
internal sealed class LiveSessionOptions
{
    /// <summary>How often open pages and hub connections are asked whether their session still stands.</summary>
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many pages an account may have open at once.</summary>
    public int MaxCircuitsPerAccount { get; set; } = 25;
}
