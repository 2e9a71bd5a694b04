using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Intake.Signing;

/// <summary>The signing secrets: the one from the environment and those kept sealed in the database.</summary>
internal sealed partial class SigningSecrets(
    IConfiguration configuration,
    IDbContextFactory<LogDbContext> contexts,
    LogWriter writer,
    Sealer sealer,
    Peers peers,
    TimeProvider time,
    ILogger<SigningSecrets> logger
) : IDisposable
{
    /// <summary>The configuration key and environment variable of a signing secret.</summary>
    public const string EnvironmentKey = "ESIMFLY_WEBHOOK_SECRET";

    private const string Insert =
        """INSERT INTO "SigningSecrets" ("Label", "IsTest", "SealedSecret", "CreatedAtMs") VALUES (@p0, FALSE, @p1, @p2)""";

    private const string Last = """SELECT MAX("Id") FROM "SigningSecrets" """;

    private const string ExpireOthers = """
        UPDATE "SigningSecrets" SET "ExpiresAtMs" = @p1
            WHERE "Id" <> @p0 AND "IsTest" = FALSE AND ("ExpiresAtMs" IS NULL OR "ExpiresAtMs" > @p1)
        """;

    private const string Expire = """
        UPDATE "SigningSecrets" SET "ExpiresAtMs" = @p1
            WHERE "Id" = @p0 AND "IsTest" = FALSE AND ("ExpiresAtMs" IS NULL OR "ExpiresAtMs" > @p1)
        """;

    private readonly Lock reloading = new();
    private ImmutableArray<SigningSecret> loaded = [];
    private IDisposable? listening;

    /// <summary>Those that have not expired: real ones first.</summary>
    public ImmutableArray<SigningSecret> Current
    {
        get
        {
            var secrets = loaded;
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            return secrets.Any(secret => secret.ExpiresAtMs <= now) ? secrets.RemoveAll(secret => secret.ExpiresAtMs <= now) : secrets;
        }
    }

    /// <summary>Those that have expired too: to tell what a request was signed with, never to accept it.</summary>
    public ImmutableArray<SigningSecret> Known => loaded;

    /// <summary>Whether real deliveries can be verified.</summary>
    public bool HasReal => Current.Any(static secret => !secret.IsTest);

    /// <summary>Reads all secrets, and makes the installation's own test secret where it has none yet. Called at start.</summary>
    /// <exception cref="StorageSetupException">The environment's secret is empty.</exception>
    public void Load()
    {
        using var context = contexts.CreateDbContext();
        if (!context.SigningSecrets.Any(row => row.IsTest))
        {
            context.SigningSecrets.Add(
                new SigningSecretEntity
                {
                    Label = "Simulator",
                    IsTest = true,
                    SealedSecret = Seal("whtest_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))),
                    CreatedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                }
            );
            context.SaveChanges();
        }

        Reload(context);
        listening ??= peers.Listen(news =>
        {
            // What was added at another instance verifies here, too, and what was ended there no longer does.
            if (news is { About: PeerNews.Stored, Text: "SigningSecrets" } or { About: PeerNews.Missed })
            {
                _ = Task.Run(TryReload);
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose() => listening?.Dispose();

    /// <summary>Adds a secret, with which deliveries verify from now on.</summary>
    /// <param name="label">What people call it.</param>
    /// <param name="secret">Its text, not empty.</param>
    /// <param name="expireOthersAtMs">When the other secrets kept here are to end, Unix milliseconds; null to leave them.</param>
    /// <param name="note">What to write in the same transaction.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public async Task<int> AddAsync(
        string label,
        string secret,
        long? expireOthersAtMs,
        Action<WriteTransaction>? note,
        CancellationToken cancellationToken
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(secret);
        var sealedSecret = Seal(secret.Trim());
        var id = await writer.WriteAsync(
            transaction =>
            {
                transaction.Execute(Insert, label, sealedSecret, time.GetUtcNow().ToUnixTimeMilliseconds());
                var added = transaction.Scalar<int>(Last);
                if (expireOthersAtMs is { } at)
                {
                    transaction.Execute(ExpireOthers, added, at);
                }

                note?.Invoke(transaction);
                return added;
            },
            cancellationToken
        );
        Reload();
        return id;
    }

    /// <summary>Ends a secret that is kept here, now.</summary>
    /// <returns>False where there is none that has not ended.</returns>
    public async Task<bool> RetireAsync(int id, Action<WriteTransaction> note, CancellationToken cancellationToken)
    {
        var isDone = await writer.WriteAsync(
            transaction =>
            {
                if (transaction.Execute(Expire, id, time.GetUtcNow().ToUnixTimeMilliseconds()) == 0)
                {
                    return false;
                }

                note(transaction);
                return true;
            },
            cancellationToken
        );
        Reload();
        return isDone;
    }

    private void TryReload()
    {
        try
        {
            Reload();
        }
        catch (Exception fault)
        {
            Log.NotReloaded(logger, fault); // the line was down for a moment: it is read again when it is back
        }
    }

    // One at a time, and whatever becomes of the request: what is stored is what verifies.
    private void Reload()
    {
        lock (reloading)
        {
            using var context = contexts.CreateDbContext();
            Reload(context);
        }
    }

    private void Reload(LogDbContext context)
    {
        var secrets = context
            .SigningSecrets.AsNoTracking()
            .OrderBy(row => row.IsTest)
            .ThenBy(row => row.Id)
            .AsEnumerable()
            .Select(row => new SigningSecret(row.Id, row.Label, row.IsTest, Open(row.SealedSecret)) { ExpiresAtMs = row.ExpiresAtMs })
            .ToList();
        if (FromEnvironment() is { } environment)
        {
            secrets.Insert(0, environment);
        }

        loaded = [.. secrets];
    }

    private SigningSecret? FromEnvironment()
    {
        var text = configuration[EnvironmentKey];
        if (text is null)
        {
            return null;
        }

        return string.IsNullOrWhiteSpace(text)
            ? throw new StorageSetupException(
                $"{EnvironmentKey} is set but empty: with an empty secret anyone could sign. Unset it, or give it eSIMfly's signing secret."
            )
            : new SigningSecret(SigningSecret.FromEnvironment, EnvironmentKey, isTest: false, text);
    }

    private byte[] Seal(string secret) => sealer.Seal(Encoding.UTF8.GetBytes(secret), SealPurpose.SigningSecret);

    private string Open(byte[] sealedSecret) => Encoding.UTF8.GetString(sealer.Open(sealedSecret, SealPurpose.SigningSecret));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The signing secrets could not be read again after another instance had changed them.")]
        public static partial void NotReloaded(ILogger logger, Exception fault);
    }
}
