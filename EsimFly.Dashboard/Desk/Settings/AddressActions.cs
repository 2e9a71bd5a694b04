using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>Where eSIMfly reaches this desk.</summary>
internal sealed class AddressActions(AccessGuard guard, AuditLog audit, LogWriter writer, IDbContextFactory<LogDbContext> contexts)
{
    /// <summary>What is set now.</summary>
    public async Task<PublicAddress> ReadAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await PublicAddress.Setting.ReadAsync(context, cancellationToken);
    }

    /// <summary>Sets it; an empty text sets none.</summary>
    /// <returns>Why it cannot be used, in words; null where it is set.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>: the Simulator sends there.</exception>
    public async Task<string?> SetAsync(ClaimsPrincipal who, string? text, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var (set, problem) = PublicAddress.Read(text);
        if (set is null)
        {
            return problem;
        }

        await writer.WriteAsync(
            transaction =>
            {
                PublicAddress.Setting.Write(transaction, set);
                audit.Append(transaction, new(AuditActions.AddressSet, set.Base ?? "none") { Actor = actor });
            },
            cancellationToken
        );
        return null;
    }
}
