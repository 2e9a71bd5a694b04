using System.Globalization;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Identity;
using OtpNet;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>
/// Codes of an authenticator app (RFC 6238): exactly six ASCII digits, each time step good once, whether for a sign-in or for switching
/// the second step on.
/// </summary>
internal sealed class AppCodes(TimeProvider time) : AuthenticatorTokenProvider<AccountEntity>
{
    private const int Digits = 6;
    private const string UsedStep = "UsedStep";

    // A minute either way, for the phone's clock and the person's typing.
    private static readonly VerificationWindow Window = new(previous: 2, future: 2);

    /// <inheritdoc/>
    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<AccountEntity> manager, AccountEntity user)
    {
        if (token.Length != Digits || !token.All(char.IsAsciiDigit) || await manager.GetAuthenticatorKeyAsync(user) is not { } key)
        {
            return false;
        }

        var totp = new Totp(Base32Encoding.ToBytes(key));
        if (!totp.VerifyTotp(time.GetUtcNow().UtcDateTime, token, out var step, Window))
        {
            return false;
        }

        var used = await manager.GetAuthenticationTokenAsync(user, UsedStep, UsedStep);
        if (long.TryParse(used, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && step <= last)
        {
            return false;
        }

        // Remembered before it opens anything.
        var noted = await manager.SetAuthenticationTokenAsync(user, UsedStep, UsedStep, step.ToString(CultureInfo.InvariantCulture));
        return noted.Succeeded;
    }
}
