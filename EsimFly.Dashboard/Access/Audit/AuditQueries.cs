using System.Security.Claims;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Access.Audit;

/// <summary>What the audit page shows and exports.</summary>
internal sealed class AuditQueries(AccessGuard guard, AuditLog audit, IDbContextFactory<LogDbContext> contexts)
{
    /// <summary>A page of entries, latest first.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<PageOf<AuditEntity>> ListAsync(
        ClaimsPrincipal who,
        AuditFilter filter,
        long? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Filtered(context, filter)
            .Where(row => after == null || row.Id < after)
            .OrderByDescending(row => row.Id)
            .Take(size + 1)
            .ToListAsync(cancellationToken);
        return PageOf<AuditEntity>.Of(rows, size);
    }

    /// <summary>All entries that fit, oldest first, read as they are asked for. That they were asked for is written down first.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<IAsyncEnumerable<AuditEntity>> ExportAsync(
        ClaimsPrincipal who,
        AuditFilter filter,
        string? address,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await audit.WriteAsync(
            new(AuditActions.Exported, "audit log", filter.ToString()) { Actor = actor, Address = address },
            cancellationToken
        );
        return CsvFile.ReadAllAsync<AuditEntity>((after, size) => ReadAsync(filter, after, size, cancellationToken));
    }

    // Page by page: a download that stands still must not keep a reader open.
    private async Task<PageOf<AuditEntity>> ReadAsync(AuditFilter filter, AuditEntity? after, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var from = after?.Id ?? 0;
        var rows = await Filtered(context, filter)
            .Where(row => row.Id > from)
            .OrderBy(row => row.Id)
            .Take(size + 1)
            .ToListAsync(cancellationToken);
        return PageOf<AuditEntity>.Of(rows, size);
    }

    private static IQueryable<AuditEntity> Filtered(LogDbContext context, AuditFilter filter)
    {
        var rows = context.Audit.AsNoTracking();
        if (filter.Action is { Length: > 0 } action)
        {
            rows = rows.Where(row => row.Action == action);
        }

        if (filter.Search?.Trim() is { Length: > 0 } term)
        {
            rows = rows.Where(row => row.Subject!.Contains(term) || row.Actor.Contains(term));
        }

        if (filter.SinceMs is { } since)
        {
            rows = rows.Where(row => row.AtMs >= since);
        }

        return filter.UntilMs is { } until ? rows.Where(row => row.AtMs < until) : rows;
    }
}

/// <summary>Which entries of the audit log are shown.</summary>
/// <param name="Search">Part of a subject or of who did it.</param>
/// <param name="Action">What was done.</param>
/// <param name="SinceMs">From this instant on, Unix milliseconds.</param>
/// <param name="UntilMs">Before this instant, Unix milliseconds.</param>
internal sealed record AuditFilter(string? Search, string? Action, long? SinceMs = null, long? UntilMs = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"action {Action ?? "any"}, search “{Search}”";
}
