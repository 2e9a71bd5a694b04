using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>
/// Identity's account manager without its lockout, which closes an account to everybody and so lets anybody keep its owner out:
/// <see cref="SignIn.SignInTries"/> counts instead.
/// </summary>
internal sealed class AccountManager(
    IUserStore<AccountEntity> store,
    IOptions<IdentityOptions> options,
    IPasswordHasher<AccountEntity> hasher,
    IEnumerable<IUserValidator<AccountEntity>> userValidators,
    IEnumerable<IPasswordValidator<AccountEntity>> passwordValidators,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber describer,
    IServiceProvider services,
    ILogger<UserManager<AccountEntity>> logger
) : UserManager<AccountEntity>(store, options, hasher, userValidators, passwordValidators, normalizer, describer, services, logger)
{
    /// <inheritdoc/>
    public override bool SupportsUserLockout => false;
}
