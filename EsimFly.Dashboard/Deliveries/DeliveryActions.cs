using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Inbox;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Deliveries;

/// <summary>What people may do to deliveries.</summary>
internal sealed class DeliveryActions(AccessGuard guard, AuditLog audit, DeliveryQueue queue)
{
    /// <summary>Puts a dead or quarantined delivery back into the queue.</summary>
    /// <returns>False where there is none in that state.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<bool> RequeueAsync(ClaimsPrincipal who, long seq, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var entry = new AuditEntry(AuditActions.Requeued, seq.ToString(CultureInfo.InvariantCulture)) { Actor = actor };
        return await queue.RequeueAsync(seq, transaction => audit.Append(transaction, entry), cancellationToken);
    }
}
