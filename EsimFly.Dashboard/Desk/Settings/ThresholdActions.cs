using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>Sets from when on something is worth a look.</summary>
internal sealed class ThresholdActions(
    AccessGuard guard,
    AuditLog audit,
    LogWriter writer,
    ChangeNotifier notifier,
    IDbContextFactory<LogDbContext> contexts
)
{
    /// <summary>What is set now.</summary>
    public async Task<Thresholds> ReadAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Thresholds.Setting.ReadAsync(context, cancellationToken);
    }

    /// <summary>Sets them. The alerts follow within seconds.</summary>
    /// <returns>Why they cannot be used, in words; null where they are set.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<string?> SetAsync(ClaimsPrincipal who, Thresholds thresholds, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        ArgumentNullException.ThrowIfNull(thresholds);
        if (thresholds.Problem is { } problem)
        {
            return problem;
        }

        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"stuck after {thresholds.StuckMinutes} and {thresholds.StuckBadlyMinutes} min, burst of {thresholds.RejectedBurst}, "
                + $"silence after {thresholds.SilenceHours} h, "
                + $"critical balance {thresholds.CriticalBalance?.ToString(CultureInfo.InvariantCulture) ?? "none"}"
        );
        await writer.WriteAsync(
            transaction =>
            {
                Thresholds.Setting.Write(transaction, thresholds);
                audit.Append(transaction, new(AuditActions.ThresholdsSet, Detail: detail) { Actor = actor });
            },
            cancellationToken
        );
        notifier.Publish([new Change(Topic.Alert, "", IsTest: false)]);
        return null;
    }
}
