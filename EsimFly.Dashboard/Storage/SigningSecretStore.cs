using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>The signing secrets: the one from the environment and those kept sealed in the database.</summary>
internal sealed class SigningSecretStore(
    IConfiguration configuration, IDbContextFactory<DashboardDbContext> contexts, Sealer sealer, TimeProvider time) : ISigningSecrets
{
    /// <summary>The configuration key and environment variable of a signing secret.</summary>
    public const string EnvironmentKey = "ESIMFLY_WEBHOOK_SECRET";

    private ImmutableArray<SigningSecret> loaded = [];

    /// <inheritdoc/>
    public ImmutableArray<SigningSecret> Current
    {
        get
        {
            var secrets = loaded;
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            return secrets.Any(secret => secret.ExpiresAtMs <= now)
                ? secrets.RemoveAll(secret => secret.ExpiresAtMs <= now)
                : secrets;
        }
    }

    /// <summary>Reads all secrets, and makes the installation's own test secret where it has none yet. Called at start.</summary>
    /// <exception cref="StorageSetupException">The environment's secret is empty.</exception>
    public void Load()
    {
        using var context = contexts.CreateDbContext();
        if (!context.SigningSecrets.Any(row => row.IsTest))
        {
            context.SigningSecrets.Add(new SigningSecretEntity
            {
                Label = "Simulator",
                IsTest = true,
                SealedSecret = Seal("whtest_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))),
                CreatedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            });
            context.SaveChanges();
        }

        var secrets = context.SigningSecrets.AsNoTracking().OrderBy(row => row.IsTest).ThenBy(row => row.Id).AsEnumerable()
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
            ? throw new StorageSetupException($"{EnvironmentKey} is set but empty: with an empty secret anyone could sign. Unset it, or give it eSIMfly's signing secret.")
            : new SigningSecret(SigningSecret.FromEnvironment, EnvironmentKey, isTest: false, text);
    }

    private byte[] Seal(string secret) => sealer.Seal(Encoding.UTF8.GetBytes(secret), SealPurpose.SigningSecret);

    private string Open(byte[] sealedSecret) => Encoding.UTF8.GetString(sealer.Open(sealedSecret, SealPurpose.SigningSecret));
}
