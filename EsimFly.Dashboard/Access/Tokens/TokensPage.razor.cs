using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Access.Tokens;

public sealed partial class TokensPage
{
    private IReadOnlyList<ApiTokenRow>? tokens;
    private string name = "";
    private ApiScopes scopes = ApiScopes.All;
    private int days = 365;
    private string? made;

    protected override async Task LoadAsync(CancellationToken cancellationToken) => tokens = await Tokens.ListAsync(Who, cancellationToken);

    private bool IsOver(ApiTokenRow token) => token.RevokedAtMs is not null || token.ExpiresAtMs <= Clock.NowMs;

    private static string ScopesOf(ApiScopes scopes) =>
        scopes switch
        {
            ApiScopes.Read => "read",
            ApiScopes.Live => "listen",
            ApiScopes.Write => "customers",
            ApiScopes.All | ApiScopes.Write => "read, listen, customers",
            _ => "read, listen",
        };

    private async Task CreateAsync()
    {
        made = null;
        if (string.IsNullOrWhiteSpace(name))
        {
            Warn("Name what uses the token, so that you know later what breaks when you revoke it.");
            return;
        }

        TimeSpan? lifetime = days == 0 ? null : TimeSpan.FromDays(days);
        if (await TryAsync(async who => made = await Tokens.CreateAsync(who, name, scopes, lifetime, CancellationToken.None)))
        {
            name = "";
            await ReloadAsync();
        }
    }

    private async Task RevokeAsync(int id)
    {
        made = null;
        if (await TryAsync(who => Tokens.RevokeAsync(who, id, CancellationToken.None)))
        {
            await ReloadAsync();
        }
    }
}
