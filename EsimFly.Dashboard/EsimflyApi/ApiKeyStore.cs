using System.Text.Json;
using System.Text.Json.Serialization;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>The keys of the account: those of the settings, else those that an administrator entered, sealed.</summary>
internal sealed class ApiKeyStore(IDbContextFactory<LogDbContext> contexts, Sealer sealer, IOptions<EsimflyApiOptions> options)
{
    /// <summary>Whether they come from the settings, where the page cannot change them.</summary>
    public bool AreConfigured => options.Value is { AccessCode: not null, SecretKey: not null };

    /// <summary>The keys, read each time, so that one that is removed stops all requests at once; null where there are none.</summary>
    public ApiKeys? Current
    {
        get
        {
            if (options.Value is { AccessCode: { } code, SecretKey: { } key })
            {
                return new(code, key);
            }

            using var context = contexts.CreateDbContext();
            var name = SealedApiKeys.SettingName;
            return
                context.Settings.Where(row => row.Name == name).Select(row => row.Value).FirstOrDefault() is { } value
                && JsonSerializer.Deserialize(value, ApiKeysJson.Default.SealedApiKeys) is { Keys: { Length: > 0 } kept }
                ? JsonSerializer.Deserialize(sealer.Open(kept, SealPurpose.EsimflyApiKeys), ApiKeysJson.Default.ApiKeys)
                : null;
        }
    }

    /// <summary>Keeps them; null removes them.</summary>
    public void Write(WriteTransaction transaction, ApiKeys? keys) =>
        SealedApiKeys.Setting.Write(
            transaction,
            new()
            {
                Keys = keys is null
                    ? null
                    : sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(keys, ApiKeysJson.Default.ApiKeys), SealPurpose.EsimflyApiKeys),
            }
        );
}

/// <summary>The keys as they are kept.</summary>
internal sealed record SealedApiKeys
{
    /// <summary>What they are kept under.</summary>
    public const string SettingName = "esimfly.api_keys";

    /// <summary>Where they are kept.</summary>
    public static StoredSetting<SealedApiKeys> Setting { get; } = new(SettingName, ApiKeysJson.Default.SealedApiKeys);

    /// <summary>The keys, sealed; null for none.</summary>
    public byte[]? Keys { get; init; }
}

/// <summary>The JSON forms of keys.</summary>
[JsonSerializable(typeof(SealedApiKeys))]
[JsonSerializable(typeof(ApiKeys))]
internal sealed partial class ApiKeysJson : JsonSerializerContext;
