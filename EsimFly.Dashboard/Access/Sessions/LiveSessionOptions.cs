namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>How live connections are held to their sessions. Not bound to settings; tests shorten it.</summary>
internal sealed class LiveSessionOptions
{
    /// <summary>
    /// How often open pages and hub connections are asked whether their session still stands: one that does not is closed by the server
    /// within half a minute.
    /// </summary>
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the page of a session that is over may take to leave by itself, before the server closes it.</summary>
    public TimeSpan CloseAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many pages an account may have open at once.</summary>
    public int MaxCircuitsPerAccount { get; set; } = 25;
}
