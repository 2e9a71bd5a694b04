using System.Text.Json.Serialization;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.EsimflyApi.Sync;

/// <summary>How far synchronising with eSIMfly's API is.</summary>
public sealed record SyncState
{
    /// <summary>Where it is kept.</summary>
    internal static StoredSetting<SyncState> Setting { get; } = new("esimfly.sync", SyncStateJson.Default.SyncState);

    /// <summary>Each job's last run and next.</summary>
    public IReadOnlyDictionary<SyncJob, JobState> Jobs { get; init; } = new Dictionary<SyncJob, JobState>();

    /// <summary>The run over the whole history.</summary>
    public HistoryState History { get; init; } = new();

    /// <summary>What eSIMfly counts of its latest deliveries; null before it was asked.</summary>
    public WebhookState? Webhook { get; init; }

    /// <summary>The last reconciliation; null before the first.</summary>
    public ReconcileState? Reconciled { get; init; }

    /// <summary>The state of a job; one that never ran where there is none.</summary>
    public JobState Of(SyncJob job) => Jobs.GetValueOrDefault(job) ?? new();

    /// <summary>The same with another state of a job.</summary>
    public SyncState With(SyncJob job, JobState state) => this with { Jobs = new Dictionary<SyncJob, JobState>(Jobs) { [job] = state } };
}

/// <summary>What is asked for in the background, each by its own schedule.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SyncJob>))]
public enum SyncJob
{
    /// <summary>The balance, every hour, and after an order or a top-up failed.</summary>
    Balance,

    /// <summary>The orders of the span in which some are open, every 15 minutes.</summary>
    Orders,

    /// <summary>eSIMs that are active, every night.</summary>
    ActiveEsims,

    /// <summary>eSIMs whose plan ends soon, every hour.</summary>
    ExpiringEsims,

    /// <summary>eSIMfly's own count of its deliveries, every 5 minutes.</summary>
    Webhook,
}

/// <summary>The last run of a job.</summary>
public sealed record JobState
{
    /// <summary>When it last ended, Unix milliseconds; null for never.</summary>
    public long? LastRunMs { get; init; }

    /// <summary>When it is to run next, Unix milliseconds; 0 for at once.</summary>
    public long NextRunMs { get; init; }

    /// <summary>The page of its list to be read next, where it is under way; 1 where it is not.</summary>
    public int NextPage { get; init; } = 1;

    /// <summary>What it came to, in words.</summary>
    public string? Result { get; init; }

    /// <summary>Whether it could not be done.</summary>
    public bool HasFailed { get; init; }
}

/// <summary>The run over all orders that the account ever had.</summary>
public sealed record HistoryState
{
    /// <summary>Whether it goes on.</summary>
    public bool IsRunning { get; init; }

    /// <summary>The end of its span, Unix milliseconds: what comes later is read by its own schedule.</summary>
    public long? UntilMs { get; init; }

    /// <summary>The page to be read next.</summary>
    public int NextPage { get; init; } = 1;

    /// <summary>How many pages there are; null before the first was read.</summary>
    public int? Pages { get; init; }

    /// <summary>How many orders were read.</summary>
    public int Orders { get; init; }

    /// <summary>When it ended, Unix milliseconds; null where it did not.</summary>
    public long? DoneMs { get; init; }

    /// <summary>Why it waits, in words; null where it does not.</summary>
    public string? Problem { get; init; }
}

/// <summary>What eSIMfly says of the webhook.</summary>
public sealed record WebhookState
{
    /// <summary>When it was asked, Unix milliseconds.</summary>
    public long AskedMs { get; init; }

    /// <summary>Where eSIMfly sends; null where nothing is registered.</summary>
    public string? Address { get; init; }

    /// <summary>The events that it sends.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Its latest deliveries.</summary>
    public IReadOnlyList<WholesaleDelivery> Recent { get; init; } = [];
}

/// <summary>What a reconciliation found and mended.</summary>
public sealed record ReconcileState
{
    /// <summary>When it ended, Unix milliseconds.</summary>
    public long AtMs { get; init; }

    /// <summary>The beginning of its span, Unix milliseconds.</summary>
    public long FromMs { get; init; }

    /// <summary>How many orders were compared.</summary>
    public int Orders { get; init; }

    /// <summary>How many eSIMs were compared.</summary>
    public int Esims { get; init; }

    /// <summary>How many of them the desk had never heard of.</summary>
    public int Unknown { get; init; }

    /// <summary>Of how many the desk had another state.</summary>
    public int Changed { get; init; }

    /// <summary>Those, and those that it had never heard of, at most 200; eSIMfly's states are shown from then on.</summary>
    public IReadOnlyList<StateDifference> Different { get; init; } = [];

    /// <summary>Why it ended early, in words; null where it is whole.</summary>
    public string? Problem { get; init; }
}

/// <summary>The JSON form of <see cref="SyncState"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SyncState))]
internal sealed partial class SyncStateJson : JsonSerializerContext;
