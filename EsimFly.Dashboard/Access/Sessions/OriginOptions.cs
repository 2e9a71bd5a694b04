namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>Where the desk's pages may be served from: the section <c>Desk</c>.</summary>
internal sealed class OriginOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Desk";

    /// <summary>
    /// Origins such as <c>https://desk.example.com</c> that are the desk's own, where a reverse proxy hides that from it.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether an origin is the one that the request was sent to, or one of those.</summary>
    public bool IsOwn(HttpRequest request, string origin) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        || AllowedOrigins.Any(allowed => string.Equals(allowed.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase));
}
