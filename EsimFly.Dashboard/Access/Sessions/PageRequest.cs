using Microsoft.AspNetCore.Components.Endpoints;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>Tells requests for pages from all others. To be used after routing.</summary>
internal static class PageRequest
{
    /// <summary>Whether a request is for a page.</summary>
    public static bool Is(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
}
