namespace EsimFly.Dashboard.Hosting;

/// <summary>Where the desk's pages may be served from: the section <c>Desk</c>.</summary>
internal sealed class OriginOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Desk";

    /// <summary>Origins such as <c>https://desk.example.com</c> that are the desk's own, where a reverse proxy hides that from it.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}
