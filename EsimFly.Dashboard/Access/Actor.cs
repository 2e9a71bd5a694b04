using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Access;

/// <summary>Who acts, as the database has them at this moment.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Email">Their e-mail address, which they cannot change themselves: so the audit log names them by it.</param>
/// <param name="Role">What they may do.</param>
/// <param name="NeedsSecondStep">
/// Whether they came with a password alone though their role asks for more: nothing is open to them yet.
/// </param>
internal sealed record Actor(string AccountId, string Email, AccountRole Role, bool NeedsSecondStep = false);
