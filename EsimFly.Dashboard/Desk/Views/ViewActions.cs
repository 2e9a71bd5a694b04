using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Views;

/// <summary>Lists with their filters under a name: one's own, and those that others share.</summary>
internal sealed class ViewActions(AccessGuard guard, LogWriter writer, IDbContextFactory<LogDbContext> contexts)
{
    private const int LongestName = 60;
    private const int LongestQuery = 2000;
    private const int MostOfAnAccount = 50;

    private const string Insert = """
        INSERT INTO "SavedViews" ("AccountId", "AccountName", "List", "Name", "Query", "IsShared")
        SELECT @p0, @p1, @p2, @p3, @p4, @p5 WHERE (SELECT COUNT(*) FROM "SavedViews" WHERE "AccountId" = @p0) < @p6
        """;

    private const string RemoveSame = """DELETE FROM "SavedViews" WHERE "AccountId" = @p0 AND "List" = @p1 AND "Name" = @p2""";

    private const string Remove = """DELETE FROM "SavedViews" WHERE "Id" = @p0 AND ("AccountId" = @p1 OR @p2)""";

    /// <summary>The views of a list: one's own first.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<IReadOnlyList<SavedView>> ListAsync(ClaimsPrincipal who, string list, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Viewer, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .SavedViews.AsNoTracking()
            .Where(row => row.List == list && (row.IsShared || row.AccountId == actor.AccountId))
            .OrderByDescending(row => row.AccountId == actor.AccountId)
            .ThenBy(row => row.Name)
            .Select(row => new SavedView(
                row.Id,
                row.Name,
                row.Query,
                row.IsShared,
                row.AccountId == actor.AccountId ? null : row.AccountName,
                row.AccountId == actor.AccountId || actor.Role == AccountRole.Admin
            ))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Saves one, in the place of one's own of that name.</summary>
    /// <returns>Why it was not saved, in words; null where it was.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<string?> SaveAsync(
        ClaimsPrincipal who,
        string list,
        string name,
        string query,
        bool isShared,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Viewer, cancellationToken);
        name = name.Trim();
        if (name.Length is 0 or > LongestName || query.Length > LongestQuery)
        {
            return name.Length == 0 ? "Give it a name." : "The name or the filters are too long.";
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var author = await context.Accounts.Where(row => row.Id == actor.AccountId).Select(row => row.Name).FirstAsync(cancellationToken);
        var isSaved = await writer.WriteAsync(
            transaction =>
            {
                transaction.Execute(RemoveSame, actor.AccountId, list, name);
                return transaction.Execute(Insert, actor.AccountId, author, list, name, query, isShared, MostOfAnAccount) == 1;
            },
            cancellationToken
        );
        return isSaved ? null : $"You have {MostOfAnAccount} views, which is as many as there may be. Remove one first.";
    }

    /// <summary>Removes one's own; an administrator, anybody's.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task RemoveAsync(ClaimsPrincipal who, long id, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Viewer, cancellationToken);
        await writer.WriteAsync(
            transaction => transaction.Execute(Remove, id, actor.AccountId, actor.Role == AccountRole.Admin),
            cancellationToken
        );
    }
}

/// <summary>A list with its filters under a name.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Query">The filters, as they stand in the address.</param>
/// <param name="IsShared">Whether everybody is offered it.</param>
/// <param name="Author">Who shares it; null for one's own.</param>
/// <param name="MayRemove">Whether the viewer may remove it.</param>
internal sealed record SavedView(long Id, string Name, string Query, bool IsShared, string? Author, bool MayRemove);
