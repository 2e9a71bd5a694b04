using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Tokens;

/// <summary>
/// The tokens with which other programs read: made by an administrator, shown once, kept as a hash; or given by the
/// settings. A token is <c>esf_</c>, eight hexadecimal digits by which it is found, <c>_</c>, and 256 random bits in base64url.
/// </summary>
internal sealed class ApiTokens(
    IDbContextFactory<LogDbContext> contexts,
    LogWriter writer,
    AccessGuard guard,
    AuditLog audit,
    TimeProvider time,
    IOptions<ApiOptions> options
)
{
    private const string Mark = "esf_";
    private const int PrefixLength = 12;
    private const int SecretBytes = 32;
    private const int LongestName = 80;

    private const string Insert = """
        INSERT INTO "ApiTokens" ("Name", "Prefix", "Hash", "CreatedBy", "CreatedAtMs", "Scopes", "ExpiresAtMs")
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
        """;

    private const string Revoke = """UPDATE "ApiTokens" SET "RevokedAtMs" = @p1 WHERE "Id" = @p0 AND "RevokedAtMs" IS NULL""";

    private const string NoteUse = """UPDATE "ApiTokens" SET "LastUsedAtMs" = @p1 WHERE "Id" = @p0""";

    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(5);

    private readonly ImmutableArray<(string Name, byte[] Hash)> configured =
    [
        .. options.Value.Tokens.Select(token => (token.Name, HashOf(token.Token.Trim()))),
    ];

    // Spares writes only: another process that notes the same use does no harm.
    private readonly ConcurrentDictionary<int, long> noted = new();

    /// <summary>All tokens: those of the settings first, then the latest.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<IReadOnlyList<ApiTokenRow>> ListAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context
            .ApiTokens.AsNoTracking()
            .OrderBy(row => row.RevokedAtMs != null)
            .ThenByDescending(row => row.Id)
            .Select(row => new ApiTokenRow(
                row.Id,
                row.Name,
                row.Prefix,
                row.CreatedBy,
                row.CreatedAtMs,
                row.LastUsedAtMs,
                row.Scopes,
                row.ExpiresAtMs,
                row.RevokedAtMs
            ))
            .ToListAsync(cancellationToken);
        return
        [
            .. configured.Select(token => new ApiTokenRow(null, token.Name, null, null, null, null, ApiScopes.All, null, null)),
            .. rows,
        ];
    }

    /// <summary>Makes a token.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="scopes">What it is good for.</param>
    /// <param name="lifetime">How long it is good; null for as long as nobody revokes it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its text, which is not kept.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<string> CreateAsync(
        ClaimsPrincipal who,
        string name,
        ApiScopes scopes,
        TimeSpan? lifetime,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (scopes == ApiScopes.None)
        {
            throw new ArgumentException("A token without a scope is good for nothing.", nameof(scopes));
        }

        name = name.Trim();
        name = name.Length > LongestName ? name[..LongestName] : name;
        var prefix = Mark + RandomNumberGenerator.GetHexString(PrefixLength - Mark.Length, lowercase: true);
        long? expiresAtMs = lifetime is { } span ? NowMs + (long)span.TotalMilliseconds : null;
        var token = $"{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        await writer.WriteAsync(
            transaction =>
            {
                transaction.Execute(Insert, name, prefix, HashOf(token), actor.Email, NowMs, (int)scopes, expiresAtMs);
                audit.Append(transaction, new(AuditActions.TokenCreated, name, $"{prefix}, {scopes}") { Actor = actor });
            },
            cancellationToken
        );
        return token;
    }

    /// <summary>Ends a token.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task RevokeAsync(ClaimsPrincipal who, int id, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await writer.WriteAsync(
            transaction =>
            {
                if (transaction.Execute(Revoke, id, NowMs) == 1)
                {
                    var name = transaction.Scalar<string>("""SELECT "Name" FROM "ApiTokens" WHERE "Id" = @p0""", id);
                    audit.Append(transaction, new(AuditActions.TokenRevoked, name) { Actor = actor });
                }
            },
            cancellationToken
        );
    }

    /// <summary>The token that a program presents; null where it is not good. Compared by hash, in constant time.</summary>
    public async Task<ApiTokenRow?> FindAsync(string presented, CancellationToken cancellationToken)
    {
        var hash = HashOf(presented);
        foreach (var (name, known) in configured)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                return new ApiTokenRow(null, name, null, null, null, null, ApiScopes.All, null, null);
            }
        }

        if (presented.Length <= PrefixLength || !presented.StartsWith(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        var prefix = presented[..PrefixLength];
        var now = NowMs;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context
            .ApiTokens.AsNoTracking()
            .FirstOrDefaultAsync(
                row => row.Prefix == prefix && row.RevokedAtMs == null && (row.ExpiresAtMs == null || row.ExpiresAtMs > now),
                cancellationToken
            );
        if (row is null || !CryptographicOperations.FixedTimeEquals(row.Hash, hash))
        {
            return null;
        }

        await NoteUseAsync(row.Id, cancellationToken);
        return new ApiTokenRow(
            row.Id,
            row.Name,
            row.Prefix,
            row.CreatedBy,
            row.CreatedAtMs,
            row.LastUsedAtMs,
            row.Scopes,
            row.ExpiresAtMs,
            null
        );
    }

    /// <summary>Whether a token that was good has neither been revoked nor ended since.</summary>
    public async Task<bool> IsGoodAsync(int id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = NowMs;
        return await context.ApiTokens.AnyAsync(
            row => row.Id == id && row.RevokedAtMs == null && (row.ExpiresAtMs == null || row.ExpiresAtMs > now),
            cancellationToken
        );
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task NoteUseAsync(int id, CancellationToken cancellationToken)
    {
        var now = NowMs;
        if (noted.TryGetValue(id, out var last) && now - last < UseIsNotedEvery.TotalMilliseconds)
        {
            return;
        }

        noted[id] = now;
        try
        {
            await writer.WriteAsync(transaction => transaction.Execute(NoteUse, id, now), cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            // Reading goes on where writing cannot.
        }
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
