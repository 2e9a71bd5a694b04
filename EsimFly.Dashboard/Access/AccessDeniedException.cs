using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Access;

/// <summary>Someone asked for what they may not do, or may no longer do.</summary>
internal sealed class AccessDeniedException(AccountRole needed)
    : Exception($"This needs the role {needed}, and an account that is signed in and not disabled.");
