using Microsoft.AspNetCore.Identity;

namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A person who may sign in. The e-mail address is the user name.</summary>
internal sealed class AccountEntity : IdentityUser
{
    /// <summary>What the person is called on pages and in the audit log.</summary>
    public required string Name { get; set; }

    /// <summary>What the account may do.</summary>
    public AccountRole Role { get; set; }

    /// <summary>When it was made or invited, Unix milliseconds.</summary>
    public long CreatedAtMs { get; set; }

    /// <summary>When it was disabled, Unix milliseconds; null while it may sign in.</summary>
    public long? DisabledAtMs { get; set; }

    /// <summary>Whether it was disabled because the identity provider gave it no role any more, so that a role lets it in again.</summary>
    public bool IsDisabledByProvider { get; set; }

    /// <summary>When it last signed in, Unix milliseconds.</summary>
    public long? LastSignInAtMs { get; set; }
}
