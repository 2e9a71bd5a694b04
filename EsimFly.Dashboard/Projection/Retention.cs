using System.Text.Json.Serialization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection;

/// <summary>How long things are kept; without a period, permanently.</summary>
internal sealed record Retention
{
    /// <summary>eSIMfly's retries go on for over an hour, and support asks about yesterday: shorter would be careless.</summary>
    public const int ShortestDays = 7;

    /// <summary>A refund is asked for months later.</summary>
    public const int ShortestOfHistory = 90;

    /// <summary>Where it is kept.</summary>
    public static StoredSetting<Retention> Setting { get; } = new("retention", RetentionJson.Default.Retention);

    /// <summary>After so many days the bodies and headers of processed deliveries are replaced by their events; 0 for never.</summary>
    public int BodyDays { get; init; }

    /// <summary>After so many days those of deliveries that could not be used are given up; 0 for never.</summary>
    public int UnusableDays { get; init; }

    /// <summary>So many days after a plan's end the activation codes of its eSIM are given up; 0 for never.</summary>
    public int CodeDays { get; init; }

    /// <summary>
    /// After so many days without an event all that is known of an order and its eSIMs, or of an eSIM, is given up; 0 for never. Never
    /// while a plan goes on.
    /// </summary>
    public int EventDays { get; init; }

    /// <summary>So many days after it was disabled an account is deleted; 0 for never.</summary>
    public int AccountDays { get; init; }

    /// <summary>After so many days an entry of the audit log is deleted; 0 for never.</summary>
    public int AuditDays { get; init; }

    /// <summary>The longest period, in days; what is to be kept longer is kept permanently.</summary>
    public const int LongestDays = 3650;

    /// <summary>Why it cannot be used, in words; null where it can.</summary>
    public string? Problem =>
        !new[] { BodyDays, UnusableDays, CodeDays, AccountDays }.All(days => IsPeriod(days, ShortestDays))
            ? $"A period is {new Bounds(ShortestDays, LongestDays)} days, or 0 for permanently."
        : !new[] { EventDays, AuditDays }.All(days => IsPeriod(days, ShortestOfHistory))
            ? $"Events and the audit log are kept for {new Bounds(ShortestOfHistory, LongestDays)} days, or permanently with 0."
        : null;

    private static bool IsPeriod(int days, int shortest) => days == 0 || new Bounds(shortest, LongestDays).Has(days);
}

/// <summary>How far along the log bodies have been replaced.</summary>
internal sealed record RetentionMark
{
    /// <summary>So many deliveries that could not be used are looked at again.</summary>
    public const int MostSkipped = 10_000;

    /// <summary>Where it is kept.</summary>
    public static StoredSetting<RetentionMark> Setting { get; } = new("retention.mark", RetentionJson.Default.RetentionMark);

    /// <summary>The last entry whose body was looked at.</summary>
    public long BodiesUpTo { get; init; }

    /// <summary>The last entry that was looked at for deliveries that could not be used.</summary>
    public long UnusableUpTo { get; init; }

    /// <summary>Deliveries before the mark that could not be used when it passed them.</summary>
    public IReadOnlyList<long> Skipped { get; init; } = [];
}

/// <summary>The JSON forms of <see cref="Retention"/> and <see cref="RetentionMark"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Retention))]
[JsonSerializable(typeof(RetentionMark))]
internal sealed partial class RetentionJson : JsonSerializerContext;
