using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Identity;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>
/// Refuses the passwords that are tried first: the commonest ones of published lists and what people make of them, such as
/// <c>password1234</c> (NIST SP 800-63B, 5.1.1.2). zxcvbn knows the lists.
/// </summary>
internal sealed class CommonPasswords : IPasswordValidator<AccountEntity>
{
    // Of zxcvbn's five grades the lowest: what is in the lists, and what is one step from it.
    private const int FirstTried = 0;

    // It takes time in proportion to the square of the length, and nothing as long as that is common.
    private const int LongestLookedAt = 64;

    // It keeps its lists in static dictionaries, which it fills without a lock.
    private static readonly Lock OneAtATime = new();

    /// <inheritdoc/>
    public Task<IdentityResult> ValidateAsync(UserManager<AccountEntity> manager, AccountEntity user, string? password) =>
        Task.FromResult(
            password is { Length: > 0 and <= LongestLookedAt } && IsFirstTried(password, user)
                ? IdentityResult.Failed(
                    new IdentityError
                    {
                        Code = nameof(CommonPasswords),
                        Description = "That password is among the first that are tried. Choose a few words that do not belong together.",
                    }
                )
                : IdentityResult.Success
        );

    private static bool IsFirstTried(string password, AccountEntity user)
    {
        lock (OneAtATime)
        {
            return new Zxcvbn.Zxcvbn().EvaluatePassword(password, OwnWords(user)).Score == FirstTried;
        }
    }

    private static string[] OwnWords(AccountEntity user) =>
        $"{user.Email} {user.Name} esimfly".Split(['@', '.', ' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries);
}
