using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Access.Tokens;

/// <summary>An API token as administrators see it; its text is not kept.</summary>
/// <param name="Id">Its number; null where it comes from the settings.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Prefix">How its text begins; null where it comes from the settings.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAtMs">When it was made, Unix milliseconds.</param>
/// <param name="LastUsedAtMs">When it was last used, Unix milliseconds, to some minutes.</param>
/// <param name="Scopes">What it is good for.</param>
/// <param name="ExpiresAtMs">When it ends by itself, Unix milliseconds; null for never.</param>
/// <param name="RevokedAtMs">When it was revoked, Unix milliseconds.</param>
internal sealed record ApiTokenRow(
    int? Id,
    string Name,
    string? Prefix,
    string? CreatedBy,
    long? CreatedAtMs,
    long? LastUsedAtMs,
    ApiScopes Scopes,
    long? ExpiresAtMs,
    long? RevokedAtMs
);
