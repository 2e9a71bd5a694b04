using System.Collections.Concurrent;
using System.Security.Claims;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Access.Tokens;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access;

/// <summary>
/// Decides who may do what. It asks the database each time: a cookie or an open page may be older than a change of role, a
/// new password or the end of an account.
/// </summary>
internal sealed class AccessGuard(
    IDbContextFactory<LogDbContext> contexts,
    AccessNews news,
    TimeProvider time,
    IOptions<AccessOptions> options
)
{
    // A page asks several times for each change that it shows; two seconds are far below the half minute in which a session ends.
    private static readonly TimeSpan ViewIsGoodFor = TimeSpan.FromSeconds(2);

    private const int MostReaders = 1000;

    private readonly ConcurrentDictionary<(string Account, string Stamp, bool HasSecondStep), (long AskedAt, Actor Actor)> readers = new();

    private long heardChanges;

    private static readonly string StampClaim = new ClaimsIdentityOptions().SecurityStampClaimType;

    /// <summary>Lets pass who has at least that role.</summary>
    /// <exception cref="AccessDeniedException">
    /// They have not: not signed in, disabled, signed out everywhere, of a lesser role, or still without the second step that theirs needs.
    /// </exception>
    public async Task<Actor> RequireAsync(ClaimsPrincipal who, AccountRole least, CancellationToken cancellationToken) =>
        await FindAsync(who, cancellationToken) is { NeedsSecondStep: false } actor && actor.Role >= least
            ? actor
            : throw new AccessDeniedException(least);

    /// <summary>
    /// Lets pass who may look at the desk at all, people and programs. Reading is asked for time and again, so that an answer of the last
    /// two seconds counts.
    /// </summary>
    /// <exception cref="AccessDeniedException">They may not: see <see cref="RequireAsync"/>.</exception>
    public async Task RequireViewerAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        if (!IsProgram(who)) // whose token was checked with this very request
        {
            await ReaderAsync(who, cancellationToken);
        }
    }

    /// <summary>
    /// Whether they may look and no more: identities of devices and subscribers are shortened for them. A program is not one: an
    /// administrator gave it its token.
    /// </summary>
    /// <exception cref="AccessDeniedException">They may not even look.</exception>
    public async Task<bool> IsViewerAsync(ClaimsPrincipal who, CancellationToken cancellationToken) =>
        !IsProgram(who) && (await ReaderAsync(who, cancellationToken)).Role == AccountRole.Viewer;

    private async Task<Actor> ReaderAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        var key = (
            who.FindFirstValue(ClaimTypes.NameIdentifier) ?? "",
            who.FindFirstValue(StampClaim) ?? "",
            SessionCookie.HasSecondStep(who)
        );
        var changes = news.Changes; // read once: one that comes meanwhile is heard next time
        if (changes != Interlocked.Exchange(ref heardChanges, changes))
        {
            readers.Clear();
        }

        if (readers.TryGetValue(key, out var known) && time.GetElapsedTime(known.AskedAt) < ViewIsGoodFor)
        {
            return known.Actor;
        }

        var now = time.GetTimestamp();
        var actor = await RequireAsync(who, AccountRole.Viewer, cancellationToken);
        if (readers.Count >= MostReaders)
        {
            readers.Clear();
        }

        readers[key] = (now, actor);
        return actor;
    }

    /// <summary>Lets pass who has at least that role, and programs whose token may tell the desk something.</summary>
    /// <returns>What to note as the one who did it.</returns>
    /// <exception cref="AccessDeniedException">They may not.</exception>
    public async Task<(Actor? Actor, string Name)> RequireWriterAsync(
        ClaimsPrincipal who,
        AccountRole least,
        CancellationToken cancellationToken
    )
    {
        if (IsProgram(who))
        {
            return who.HasClaim(ApiTokenHandler.ScopeClaim, nameof(ApiScopes.Write))
                ? (null, $"token {who.Identity!.Name}")
                : throw new AccessDeniedException(least);
        }

        var actor = await RequireAsync(who, least, cancellationToken);
        return (actor, actor.Email);
    }

    /// <summary>Whether their session may go on: see <see cref="RequireAsync"/>.</summary>
    public async Task<bool> MayStayAsync(ClaimsPrincipal who, CancellationToken cancellationToken) =>
        await FindAsync(who, cancellationToken) is { NeedsSecondStep: false };

    private static bool IsProgram(ClaimsPrincipal who) =>
        who.Identity is { IsAuthenticated: true, AuthenticationType: ApiTokenHandler.SchemeName };

    /// <summary>Who that is; null for nobody, and for an account that has been disabled or signed out since.</summary>
    public async Task<Actor?> FindAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        if (
            who.Identity is not { IsAuthenticated: true }
            || who.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id
            || who.FindFirstValue(StampClaim) is not { } stamp
        )
        {
            return null;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var onePasswordDoes = SessionCookie.HasSecondStep(who) || options.Value.SecondStepFrom is null;
        var from = options.Value.SecondStepFrom ?? AccountRole.Admin;
        return await context
            .Accounts.AsNoTracking()
            .Where(row => row.Id == id && row.SecurityStamp == stamp && row.DisabledAtMs == null)
            .Select(row => new Actor(row.Id, row.Email!, row.Role, !onePasswordDoes && row.Role >= from && !row.TwoFactorEnabled))
            .FirstOrDefaultAsync(cancellationToken);
    }
}
