using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>What people see of the alerts, and do about them.</summary>
internal sealed class AlertActions(
    AccessGuard guard,
    AuditLog audit,
    LogWriter writer,
    ChangeNotifier notifier,
    IDbContextFactory<LogDbContext> contexts,
    TimeProvider time
)
{
    private const int MaxOver = 100;

    // Every page shows them.
    private readonly SharedFigure<bool, IReadOnlyList<AlertRow>> open = new(
        [Topic.Alert],
        notifier,
        time,
        TimeSpan.FromMilliseconds(50),
        TimeSpan.FromSeconds(5),
        (_, cancellationToken) => ReadOpenAsync(contexts, cancellationToken)
    );

    private const string Acknowledge = """
        UPDATE "Alerts" SET "AcknowledgedAtMs" = @p1, "AcknowledgedBy" = @p2
            WHERE "Id" = @p0 AND "AcknowledgedAtMs" IS NULL AND "EndedAtMs" IS NULL
        """;

    private const string Reopen = """
        UPDATE "Alerts" SET "AcknowledgedAtMs" = NULL, "AcknowledgedBy" = NULL
            WHERE "Id" = @p0 AND "AcknowledgedBy" = @p1 AND "EndedAtMs" IS NULL
        """;

    /// <summary>Undoes an acknowledgement: the alert asks for attention again.</summary>
    /// <returns>How many do; those that are over, or that somebody else took note of, do not.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<int> ReopenAsync(ClaimsPrincipal who, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var count = await writer.WriteAsync(
            transaction =>
            {
                var done = ids.Count(id => transaction.Execute(Reopen, id, actor.Email) == 1);
                if (done > 0)
                {
                    audit.Append(
                        transaction,
                        new(AuditActions.AcknowledgementUndone, $"{done} alerts", string.Join(' ', ids.Take(50))) { Actor = actor }
                    );
                }

                return done;
            },
            cancellationToken
        );
        notifier.Publish([new Change(Topic.Alert, "", IsTest: false)]);
        return count;
    }

    /// <summary>The alerts that are not over: the unacknowledged first, of these the most pressing, then the latest.</summary>
    public async Task<IReadOnlyList<AlertRow>> OpenAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await open.GetAsync(key: true, cancellationToken);
    }

    private static async Task<IReadOnlyList<AlertRow>> ReadOpenAsync(
        IDbContextFactory<LogDbContext> contexts,
        CancellationToken cancellationToken
    )
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Rows(
                context
                    .Alerts.AsNoTracking()
                    .Where(row => row.EndedAtMs == null)
                    .OrderBy(row => row.AcknowledgedAtMs != null)
                    .ThenByDescending(row => row.Level)
                    .ThenByDescending(row => row.Id)
            )
            .ToListAsync(cancellationToken);
    }

    /// <summary>The latest alerts that are over.</summary>
    public async Task<IReadOnlyList<AlertRow>> OverAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Rows(
                context.Alerts.AsNoTracking().Where(row => row.EndedAtMs != null).OrderByDescending(row => row.RaisedAtMs).Take(MaxOver)
            )
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Acknowledges alerts, so that they no longer ask for attention. Those that are over or acknowledged already stay as they are.
    /// </summary>
    /// <returns>How many were acknowledged.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<int> AcknowledgeAsync(ClaimsPrincipal who, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        List<AlertRow> rows;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            rows = await Rows(context.Alerts.AsNoTracking().Where(row => ids.Contains(row.Id))).ToListAsync(cancellationToken);
        }

        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var count = await writer.WriteAsync(
            transaction =>
            {
                var done = 0;
                foreach (var row in rows)
                {
                    if (transaction.Execute(Acknowledge, row.Id, nowMs, actor.Email) == 1)
                    {
                        done++;
                        audit.Append(
                            transaction,
                            new(
                                AuditActions.Acknowledged,
                                $"{row.Kind} {row.Key}".TrimEnd(),
                                string.Create(CultureInfo.InvariantCulture, $"alert {row.Id}")
                            )
                            {
                                Actor = actor,
                            }
                        );
                    }
                }

                return done;
            },
            cancellationToken
        );
        notifier.Publish([new Change(Topic.Alert, "", IsTest: false)]);
        return count;
    }

    private static IQueryable<AlertRow> Rows(IQueryable<AlertEntity> alerts) =>
        alerts.Select(row => new AlertRow(
            row.Id,
            row.Kind,
            row.Key,
            row.Level,
            row.Stamp,
            row.Facts,
            row.RaisedAtMs,
            row.EndedAtMs,
            row.AcknowledgedAtMs,
            row.AcknowledgedBy
        ));
}
