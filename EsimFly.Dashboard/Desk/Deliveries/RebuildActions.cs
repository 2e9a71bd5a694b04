using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>rebuilds the desk again beside the one in use, and puts it in place where an administrator says so.</summary>
internal sealed class RebuildActions(AccessGuard guard, AuditLog audit, Rebuild rebuild, SelfCheck selfCheck)
{
    /// <summary>rebuilds the desk again and compares.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="apply">Whether to put it in place where the two differ.</param>
    /// <param name="progress">Hears how far it has got.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed then.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<RebuildReport> RunAsync(
        ClaimsPrincipal who,
        bool apply,
        IProgress<RebuildProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var report = await rebuild.RunAsync(apply, progress, cancellationToken);
        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Compared} rows compared, {report.DifferenceCount} fields differed"
        );
        await audit.WriteAsync(
            new(apply ? AuditActions.RebuildApplied : AuditActions.RebuildCompared, Detail: detail) { Actor = actor },
            CancellationToken.None
        );
        return report;
    }

    /// <summary>Runs the nightly self-check now.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<SelfCheckResult> CheckAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var result = await selfCheck.RunAsync(cancellationToken);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{result.Subjects} orders and eSIMs, {result.Differing.Count} differed");
        await audit.WriteAsync(new(AuditActions.SelfChecked, Detail: detail) { Actor = actor }, CancellationToken.None);
        return result;
    }
}
