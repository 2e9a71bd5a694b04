using System.Security.Claims;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>Makes what a cookie says of its account: Identity's claims, the role, and what the person is called.</summary>
internal sealed class AccountClaims(UserManager<AccountEntity> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<AccountEntity>(users, options)
{
    /// <summary>The claim with what the person is called.</summary>
    public const string DisplayName = "name";

    /// <inheritdoc/>
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(AccountEntity user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(ClaimTypes.Role, user.Role.ToString()));
        identity.AddClaim(new Claim(DisplayName, user.Name));
        return identity;
    }
}
