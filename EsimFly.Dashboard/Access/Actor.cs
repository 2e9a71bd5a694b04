using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Access;

/// <summary>Who acts, as the database has them at this moment.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Role">What they may do.</param>
internal sealed record Actor(string AccountId, string Name, AccountRole Role);
