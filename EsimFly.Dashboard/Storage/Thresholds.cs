using System.Text.Json;
using System.Text.Json.Serialization;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>From when on something is worth a look. Set by administrators, kept in the database, read anew each time.</summary>
internal sealed record Thresholds
{
    private const string Name = "thresholds";

    private const string Upsert = """INSERT INTO "Settings" ("Name", "Value") VALUES (@p0, @p1) ON CONFLICT ("Name") DO UPDATE SET "Value" = excluded."Value" """;

    /// <summary>After so many minutes an order that has not ended is worth a look.</summary>
    public int StuckMinutes { get; init; } = 5;

    /// <summary>After so many minutes it is to be followed up: from then on eSIMfly asks for that.</summary>
    public int StuckBadlyMinutes { get; init; } = 10;

    /// <summary>So many rejected requests within ten minutes are a burst.</summary>
    public int RejectedBurst { get; init; } = 5;

    /// <summary>After so many hours without a delivery the silence is worth a look; 0 for never.</summary>
    public int SilenceHours { get; init; } = 24;

    /// <summary>Below this a low balance is pressing, in the account's currency; null for eSIMfly's threshold alone.</summary>
    public decimal? CriticalBalance { get; init; }

    /// <summary>Why these cannot be used, in words; null where they can.</summary>
    public string? Problem => this switch
    {
        { StuckMinutes: < 1 or > 1440 } => "An order is worth a look after 1 to 1,440 minutes.",
        _ when StuckBadlyMinutes < StuckMinutes || StuckBadlyMinutes > 10080 => "An order is to be followed up no earlier than it is worth a look, and within 10,080 minutes.",
        { RejectedBurst: < 1 or > 500 } => "A burst is 1 to 500 rejected requests; no more are kept.",
        { SilenceHours: < 0 or > 720 } => "Silence is worth a look after 1 to 720 hours, or never with 0.",
        { CriticalBalance: < 0 } => "A balance below zero cannot be a threshold.",
        _ => null,
    };

    /// <summary>What is set now.</summary>
    public static async Task<Thresholds> ReadAsync(DashboardDbContext context, CancellationToken cancellationToken) =>
        await context.Settings.AsNoTracking().Where(row => row.Name == Name).Select(row => row.Value).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } json
            ? JsonSerializer.Deserialize(json, ThresholdsJson.Default.Thresholds) ?? new Thresholds()
            : new Thresholds();

    /// <summary>Sets these.</summary>
    public void Write(WriteTransaction transaction) => transaction.Execute(Upsert, Name, JsonSerializer.Serialize(this, ThresholdsJson.Default.Thresholds));
}

/// <summary>The JSON form of <see cref="Thresholds"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Thresholds))]
internal sealed partial class ThresholdsJson : JsonSerializerContext;
