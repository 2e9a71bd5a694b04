using System.Security.Claims;
using EsimFly.Dashboard.Access;
using Microsoft.AspNetCore.Authorization;

namespace EsimFly.Dashboard.Desk.Search;

/// <summary>The desk's pages, and what can be done on them, as the search offers them: to those who may.</summary>
internal sealed class SearchCommands(IAuthorizationService authorization)
{
    private const int Most = 6;

    private static readonly (string Name, string Words, string Href, string Policy)[] All =
    [
        ("Overview", "home start totals", "/", Policies.Viewer),
        ("Orders", "list", "/orders", Policies.Viewer),
        ("Stuck orders", "waiting hang slow", "/orders?show=stuck&sort=oldest", Policies.Viewer),
        ("Failed orders", "error", "/orders?show=failed", Policies.Viewer),
        ("eSIMs", "list", "/esims", Policies.Viewer),
        ("eSIMs expiring in 24 h", "expire soon", "/esims?show=24h", Policies.Viewer),
        ("Top-ups", "list", "/top-ups", Policies.Viewer),
        ("Failed top-ups", "error open", "/top-ups?show=open", Policies.Viewer),
        ("Balance", "money account", "/balance", Policies.Viewer),
        ("Deliveries", "webhooks list", "/deliveries", Policies.Viewer),
        ("Rejected requests", "refused signature deliveries", "/deliveries/rejected", Policies.Viewer),
        ("Retries", "deliveries again", "/deliveries/retries", Policies.Viewer),
        ("Missing events", "expected deliveries", "/deliveries/missing", Policies.Viewer),
        ("Alerts", "incidents acknowledge bell", "/alerts", Policies.Viewer),
        ("Cases", "notes owner mine follow-up hand over", "/cases", Policies.Viewer),
        ("Health", "status times", "/health", Policies.Viewer),
        ("Wall board", "screen large", "/wall", Policies.Viewer),
        ("Profile", "password passkey two-step account", "/account", Policies.Viewer),
        ("Import customers", "csv shop e-mail", "/customers/import", Policies.Support),
        ("Simulator: send a test event", "test trigger", "/simulator", Policies.Support),
        ("Settings: signing secrets", "webhook address rotate", "/settings", Policies.Admin),
        ("Settings: eSIMfly account", "api keys connect balance", "/settings/esimfly", Policies.Admin),
        ("Settings: thresholds", "alerts stuck silence", "/settings/thresholds", Policies.Admin),
        ("Settings: customer texts", "templates language", "/settings/texts", Policies.Admin),
        ("Settings: users", "invite accounts roles", "/settings/users", Policies.Admin),
        ("Settings: API tokens", "programs", "/settings/tokens", Policies.Admin),
        ("Settings: audit log", "who did what", "/settings/audit", Policies.Admin),
        ("Settings: data", "retention backup test delete", "/settings/data", Policies.Admin),
        ("Settings: about", "version", "/settings/about", Policies.Admin),
        ("Rebuild the desk", "derive again compare", "/deliveries/rebuild", Policies.Admin),
    ];

    /// <summary>Those of which every word that was typed begins a word.</summary>
    internal async Task<IReadOnlyList<SearchHit>> FindAsync(ClaimsPrincipal who, string? text)
    {
        var typed = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (typed.Length == 0 || typed.Any(static word => word.Length < 2 || word.Any(char.IsDigit)))
        {
            return [];
        }

        var hits = new List<SearchHit>();
        foreach (var (name, words, href, policy) in All)
        {
            var known = $"{name} {words}".Split(' ', ':');
            if (
                hits.Count < Most
                && typed.All(word => known.Any(other => other.StartsWith(word, StringComparison.OrdinalIgnoreCase)))
                && (await authorization.AuthorizeAsync(who, policy)).Succeeded
            )
            {
                hits.Add(new(href, name, "", Look: null, IsTest: false));
            }
        }

        return hits;
    }
}
