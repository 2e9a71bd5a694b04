namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What a one-time link is for. Stored as numbers: never renumber.</summary>
internal enum OneTimeLinkPurpose
{
    /// <summary>To make the first administrator.</summary>
    SetUp = 1,

    /// <summary>To join with an account that an administrator made.</summary>
    Invitation = 2,

    /// <summary>To choose a new password; also ends two-step sign-in, passkeys and a lockout.</summary>
    Reset = 3,

    /// <summary>The same, made on the command line: also lets a disabled account in again.</summary>
    Recovery = 4,
}
