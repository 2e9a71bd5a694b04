using System.Collections.Immutable;

namespace EsimFly.Dashboard.Contract;

/// <summary>The secrets that deliveries may be signed with at present.</summary>
internal interface ISigningSecrets
{
    /// <summary>Those that have not expired: real ones first.</summary>
    ImmutableArray<SigningSecret> Current { get; }
}
