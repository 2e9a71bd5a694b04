using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>An account as administrators see it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">Its e-mail address.</param>
/// <param name="Name">What the person is called.</param>
/// <param name="Role">What it may do.</param>
/// <param name="HasJoined">Whether it can sign in: it has a password, a passkey or an outside login.</param>
/// <param name="IsDisabled">Whether it was disabled.</param>
/// <param name="LockedUntilMs">Until when wrong tries close it to some network, Unix milliseconds; null where it is closed to none.</param>
/// <param name="HasTwoStep">Whether it signs in with a second step.</param>
/// <param name="Passkeys">How many passkeys it has.</param>
/// <param name="LastSignInAtMs">When it last signed in, Unix milliseconds.</param>
internal sealed record AccountRow(
    string Id,
    string Email,
    string Name,
    AccountRole Role,
    bool HasJoined,
    bool IsDisabled,
    long? LockedUntilMs,
    bool HasTwoStep,
    int Passkeys,
    long? LastSignInAtMs
);
