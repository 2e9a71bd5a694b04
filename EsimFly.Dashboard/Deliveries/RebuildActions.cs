using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Deliveries;

/// <summary>Folds everything again beside what stands, and writes what differs where an administrator says so.</summary>
internal sealed class RebuildActions(AccessGuard guard, AuditLog audit, Rebuild rebuild, IDbContextFactory<DashboardDbContext> contexts)
{
    /// <summary>How many orders and eSIMs there are to fold, about.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Orders.CountAsync(cancellationToken) + await context.Esims.CountAsync(cancellationToken);
    }

    /// <summary>Folds everything again and compares.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="apply">Whether to write what differs.</param>
    /// <param name="progress">Hears how many subjects have been folded.</param>
    /// <param name="cancellationToken">Ends it; what was written until then stays, and is right.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<RebuildReport> RunAsync(ClaimsPrincipal who, bool apply, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var report = await rebuild.RunAsync(apply, progress, cancellationToken);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{report.Folded} rows folded, {report.DifferenceCount} fields differed");
        await audit.WriteAsync(new(apply ? AuditActions.RebuildApplied : AuditActions.RebuildCompared, Detail: detail) { Actor = actor }, CancellationToken.None);
        return report;
    }
}
