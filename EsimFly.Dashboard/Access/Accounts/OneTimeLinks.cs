using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>
/// Links that let their bearer in once. A code is the link's number, a dot, and 128 random bits in base64url; only the hash
/// of the bits is kept. Ten forms sent with a wrong code end a link for set-up; others allow any number, so that nobody
/// can end them all by counting.
/// </summary>
internal sealed class OneTimeLinks(IDbContextFactory<LogDbContext> contexts, LogWriter writer, TimeProvider time)
{
    /// <summary>The page that links to a password lead to.</summary>
    public const string Path = "/account/link";

    /// <summary>How many wrong tries a link for set-up allows.</summary>
    public const int MaxWrongTries = 10;

    /// <summary>How long a link for set-up is good.</summary>
    public static readonly TimeSpan SetUpLifetime = TimeSpan.FromMinutes(30);

    /// <summary>How long a new colleague may take to follow an invitation.</summary>
    public static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(3);

    /// <summary>How long a link to a new password is good.</summary>
    public static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(2);

    private const int SecretBytes = 16;

    // Those of the same account, and all that are over, go.
    private const string Clear =
        """DELETE FROM "OneTimeLinks" WHERE "ExpiresAtMs" <= @p2 OR ("Purpose" = @p0 AND "AccountId" IS NOT DISTINCT FROM @p1)""";

    private const string EndOf = """DELETE FROM "OneTimeLinks" WHERE "AccountId" = @p0""";

    private const string Insert = """
        INSERT INTO "OneTimeLinks" ("Purpose", "AccountId", "SecretHash", "ExpiresAtMs", "WrongTries") VALUES (@p0, @p1, @p2, @p3, 0)
        """;

    private const string Last = """SELECT MAX("Id") FROM "OneTimeLinks" """;

    private const string Use = """
        UPDATE "OneTimeLinks" SET "UsedAtMs" = @p1 WHERE "Id" = @p0 AND "UsedAtMs" IS NULL AND "ExpiresAtMs" > @p1 AND "WrongTries" < @p2
        """;

    private const string CountWrong =
        """UPDATE "OneTimeLinks" SET "WrongTries" = "WrongTries" + 1 WHERE "Purpose" = @p0 AND "WrongTries" < @p1""";

    /// <summary>Makes a link, and ends earlier ones for the same.</summary>
    /// <returns>Its code, which is not kept.</returns>
    public async Task<string> IssueAsync(OneTimeLinkPurpose purpose, string? accountId, CancellationToken cancellationToken)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = time.GetUtcNow();
        var expires = (now + LifetimeOf(purpose)).ToUnixTimeMilliseconds();
        var id = await writer.WriteAsync(
            transaction =>
            {
                transaction.Execute(Clear, (int)purpose, accountId, now.ToUnixTimeMilliseconds());
                transaction.Execute(Insert, (int)purpose, accountId, HashOf(secret), expires);
                return transaction.Scalar<long>(Last);
            },
            cancellationToken
        );
        return string.Create(CultureInfo.InvariantCulture, $"{id}.{secret}");
    }

    /// <summary>Looks a code up.</summary>
    /// <returns>The link, which is good at present; null where there is none.</returns>
    public async Task<OneTimeLinkEntity?> FindAsync(string? code, bool isForSetUp, CancellationToken cancellationToken)
    {
        var parts = (code ?? "").Split('.', 2);
        var id = long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var link = await context
            .OneTimeLinks.AsNoTracking()
            .FirstOrDefaultAsync(row => row.Id == id && (row.Purpose == OneTimeLinkPurpose.SetUp) == isForSetUp, cancellationToken);
        return
            link is not null
            && parts.Length == 2
            && CryptographicOperations.FixedTimeEquals(link.SecretHash, HashOf(parts[1]))
            && IsGood(link, time.GetUtcNow().ToUnixTimeMilliseconds())
            ? link
            : null;
    }

    /// <summary>
    /// A form was sent with a wrong code for set-up. Looking at the page with one counts nothing: anybody's scanner does that.
    /// </summary>
    public Task NoteWrongAsync(CancellationToken cancellationToken) =>
        writer.WriteAsync(transaction => transaction.Execute(CountWrong, (int)OneTimeLinkPurpose.SetUp, MaxWrongTries), cancellationToken);

    /// <summary>Whether a link can be used at an instant (Unix milliseconds).</summary>
    public static bool IsGood(OneTimeLinkEntity link, long nowMs) =>
        link.UsedAtMs is null && link.WrongTries < MaxWrongTries && link.ExpiresAtMs > nowMs;

    /// <summary>Uses a link up.</summary>
    /// <returns>False where someone was faster, or it ended meanwhile.</returns>
    public Task<bool> UseAsync(OneTimeLinkEntity link, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            transaction => transaction.Execute(Use, link.Id, time.GetUtcNow().ToUnixTimeMilliseconds(), MaxWrongTries) == 1,
            cancellationToken
        );

    /// <summary>Within a transaction: ends the links of an account, whose reason is gone.</summary>
    public static void End(WriteTransaction transaction, string accountId) => transaction.Execute(EndOf, accountId);

    /// <summary>Ends the links of an account, whose reason is gone.</summary>
    public Task EndAsync(string accountId) => writer.WriteAsync(transaction => End(transaction, accountId), CancellationToken.None);

    private static TimeSpan LifetimeOf(OneTimeLinkPurpose purpose) =>
        purpose switch
        {
            OneTimeLinkPurpose.SetUp => SetUpLifetime,
            OneTimeLinkPurpose.Invitation => InvitationLifetime,
            _ => ResetLifetime,
        };

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
