using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Access;

/// <summary>The names of the authorisation policies that pages and endpoints ask for: one a role, and one for programs.</summary>
internal static class Policies
{
    /// <summary>Anyone who has signed in: <see cref="AccountRole.Viewer"/> and above.</summary>
    public const string Viewer = nameof(AccountRole.Viewer);

    /// <summary><see cref="AccountRole.Support"/> and above.</summary>
    public const string Support = nameof(AccountRole.Support);

    /// <summary><see cref="AccountRole.Admin"/>.</summary>
    public const string Admin = nameof(AccountRole.Admin);

    /// <summary>A program with an API token.</summary>
    public const string ApiToken = nameof(ApiToken);

    /// <summary>A program with an API token that may tell the desk something.</summary>
    public const string ApiWriter = nameof(ApiWriter);

    /// <summary>Anyone who has signed in, or a program with an API token.</summary>
    public const string Listener = nameof(Listener);
}
