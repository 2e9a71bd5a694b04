using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>Keeps the signing secrets: adding, rotating and retiring them, and rescuing what came before the right one was there.</summary>
internal sealed class SecretActions(
    AccessGuard guard,
    AuditLog audit,
    SigningSecrets secrets,
    Rescue rescue,
    IDbContextFactory<LogDbContext> contexts,
    TimeProvider time
)
{
    /// <summary>For how long the old secret goes on beside the new one, as a rule.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>For how long it goes on at least: eSIMfly's retries of a delivery go on for over an hour.</summary>
    public static readonly TimeSpan ShortestOverlap = TimeSpan.FromHours(2);

    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    /// <summary>All secrets: the environment's first, then the latest; those that have ended last.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<IReadOnlyList<SecretRow>> ListAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var matches = await context
            .SecretMatches.AsNoTracking()
            .ToDictionaryAsync(row => row.SecretId, row => row.LastMatchedAtMs, cancellationToken);
        var kept = await context
            .SigningSecrets.AsNoTracking()
            .OrderBy(row => row.ExpiresAtMs != null && row.ExpiresAtMs <= now)
            .ThenBy(row => row.IsTest)
            .ThenByDescending(row => row.Id)
            .Select(row => new
            {
                row.Id,
                row.Label,
                row.IsTest,
                row.CreatedAtMs,
                row.ExpiresAtMs,
            })
            .ToListAsync(cancellationToken);
        var environment = secrets
            .Current.Where(secret => secret.Id == SigningSecret.FromEnvironment)
            .Select(secret => new SecretRow(secret.Id, secret.Label, secret.IsTest, null, LastMatched(secret.Id), null));
        return
        [
            .. environment,
            .. kept.Select(row => new SecretRow(row.Id, row.Label, row.IsTest, row.CreatedAtMs, LastMatched(row.Id), row.ExpiresAtMs)),
        ];

        long? LastMatched(int id) => matches.TryGetValue(id, out var at) ? at : null;
    }

    /// <summary>Adds a secret beside those that are there, and verifies the rejected requests again.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public Task<SecretOutcome> AddAsync(ClaimsPrincipal who, string label, string secret, CancellationToken cancellationToken) =>
        AddAsync(who, label, secret, overlap: null, cancellationToken);

    /// <summary>
    /// Adds a secret in the place of those that are kept here, which go on for <paramref name="overlap"/>, bounded to 2 hours and 7 days.
    /// </summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public Task<SecretOutcome> RotateAsync(
        ClaimsPrincipal who,
        string label,
        string secret,
        TimeSpan overlap,
        CancellationToken cancellationToken
    ) =>
        AddAsync(
            who,
            label,
            secret,
            TimeSpan.FromTicks(Math.Clamp(overlap.Ticks, ShortestOverlap.Ticks, LongestOverlap.Ticks)),
            cancellationToken
        );

    /// <summary>Ends a secret that is kept here, at once.</summary>
    /// <returns>False where there is none that has not ended.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<bool> RetireAsync(ClaimsPrincipal who, int id, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var label = secrets.Current.FirstOrDefault(secret => secret.Id == id)?.Label;
        return await secrets.RetireAsync(
            id,
            transaction => audit.Append(transaction, new(AuditActions.SecretRetired, label) { Actor = actor }),
            cancellationToken
        );
    }

    private async Task<SecretOutcome> AddAsync(
        ClaimsPrincipal who,
        string label,
        string secret,
        TimeSpan? overlap,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        if (string.IsNullOrWhiteSpace(secret))
        {
            return new("A secret must not be empty: with an empty one anyone could sign.");
        }

        var key = Encoding.UTF8.GetBytes(secret.Trim());
        if (secrets.Current.FirstOrDefault(known => CryptographicOperations.FixedTimeEquals(known.Key, key)) is { } same)
        {
            return new($"This secret is here already, as “{same.Label}”.");
        }

        label = string.IsNullOrWhiteSpace(label)
            ? $"Added {time.GetUtcNow().ToString("d MMM yyyy", CultureInfo.InvariantCulture)}"
            : label.Trim();
        var entry = overlap is { } hours
            ? new AuditEntry(
                AuditActions.SecretsRotated,
                label,
                string.Create(CultureInfo.InvariantCulture, $"the others end in {hours.TotalHours:0} h")
            )
            : new AuditEntry(AuditActions.SecretAdded, label);
        await secrets.AddAsync(
            label,
            secret,
            overlap is null ? null : (time.GetUtcNow() + overlap.Value).ToUnixTimeMilliseconds(),
            transaction => audit.Append(transaction, entry with { Actor = actor }),
            cancellationToken
        );

        var rescued = await Task.Run(() => rescue.RescueAsync(cancellationToken), cancellationToken);
        if (rescued.Saved > 0)
        {
            await audit.WriteAsync(
                new(
                    AuditActions.Rescued,
                    label,
                    string.Create(CultureInfo.InvariantCulture, $"{rescued.Saved} of {rescued.Tried} rejected requests")
                )
                {
                    Actor = actor,
                },
                cancellationToken
            );
        }

        return new(null, rescued);
    }
}
