using System.Collections.Immutable;

namespace EsimFly.Dashboard.Contract;

/// <summary>The secrets that deliveries may be signed with at present.</summary>
internal interface ISigningSecrets
{
    /// <summary>Those that have not expired: real ones first.</summary>
    ImmutableArray<SigningSecret> Current { get; }

    /// <summary>Those that have expired too: to tell what a request was signed with, never to let it in.</summary>
    ImmutableArray<SigningSecret> Known { get; }
}
