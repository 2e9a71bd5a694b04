using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.EsimflyApi.Sync;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>
/// Asks eSIMfly about one eSIM while a customer waits: each click is in the audit, and an eSIM is asked about once a minute.
/// </summary>
internal sealed class EsimAsk(
    AccessGuard guard,
    AuditLog audit,
    ApiKeyStore keys,
    EsimflyClient client,
    Observations observations,
    SyncReads reads,
    TimeProvider time
)
{
    /// <summary>So long an eSIM is not asked about again: eSIMfly asks its network each time.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    private const int MostRemembered = 10_000;
    private const int MostContacts = 50;

    private static readonly TimeSpan UsageIsGoodFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Iccid, bool IsClick), long> asked = new();

    /// <summary>Whether eSIMfly can be asked at all.</summary>
    public async Task<bool> IsConnectedAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return keys.Current is not null;
    }

    /// <summary>Somebody looks at an eSIM: its usage is read where what is known is older than 10 minutes.</summary>
    public async Task OpenedAsync(ClaimsPrincipal who, string iccid, long? observedAtMs, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (keys.Current is not null && !(nowMs - observedAtMs < UsageIsGoodFor.TotalMilliseconds) && TryTake(iccid, isClick: false))
        {
            await reads.UsageAsync(iccid, report: null, cancellationToken);
        }
    }

    /// <summary>Asks for the eSIM's status and networks as they are now.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<AskOutcome> AskAsync(ClaimsPrincipal who, string iccid, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        if (!TryTake(iccid, isClick: true))
        {
            return new(null, $"eSIMfly was asked about it within the last {Rest.TotalSeconds:0} seconds: what it answered is below.");
        }

        await audit.WriteAsync(new(AuditActions.EsimAsked, iccid) { Actor = actor }, cancellationToken);
        var status = await client.StatusAsync(iccid, cancellationToken);
        if (status.Value is not { } answered)
        {
            return new(null, status.Problem!.Says);
        }

        var network = await client.NetworkEventsAsync(iccid, cancellationToken);
        var contacts = network.Value is { } events ? Contacts(events.Json) : [];
        var whole = JsonNode.Parse(answered.Json.Span) as JsonObject ?? [];
        if (network.Value is { } counted && JsonNode.Parse(counted.Json.Span)?["wrong_network_count"] is { } wrong)
        {
            whole["wrong_network_count"] = wrong.DeepClone();
        }

        await observations.KeepAsync(
            ObservedSubject.Esim,
            "POST /esims/status",
            [Encoding.UTF8.GetBytes(whole.ToJsonString())],
            cancellationToken
        );
        return new(
            new(
                time.GetUtcNow().ToUnixTimeMilliseconds(),
                ApiJson.Text(Of(answered.Json), "esim_status"),
                Name(answered.Json, "last_network", "operator"),
                Name(answered.Json, "last_network", "country"),
                Name(answered.Json, "last_network", "connection_type"),
                Name(answered.Json, "device", "model"),
                contacts,
                network.Problem?.Says
            ),
            null
        );
    }

    /// <summary>Asks what it used by day and country.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<(UsageReport? Report, string? Problem)> UsageReportAsync(
        ClaimsPrincipal who,
        string iccid,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await audit.WriteAsync(new(AuditActions.EsimAsked, iccid, "usage by day") { Actor = actor }, cancellationToken);
        var answer = await client.UsageReportAsync(iccid, cancellationToken);
        return answer.Value is { } part ? (UsageReport.Read(Of(part.Json)), null) : (null, answer.Problem!.Says);
    }

    private bool TryTake(string iccid, bool isClick)
    {
        var (key, now) = ((IccidText.Key(iccid), isClick), time.GetTimestamp());
        var rest = isClick ? Rest : UsageIsGoodFor;
        if (asked.Count > MostRemembered)
        {
            asked.Clear();
        }

        return asked.AddOrUpdate(key, now, (_, last) => time.GetElapsedTime(last, now) < rest ? last : now) == now;
    }

    private static List<NetworkContact> Contacts(ReadOnlyMemory<byte> json) =>
        [
            .. ApiJson
                .List(Of(json), "events")
                .Take(MostContacts)
                .Select(static item => new NetworkContact(
                    ApiJson.Text(item, "time") is { } at ? ContractInstant.Parse(at).UnixMs : null,
                    ApiJson.Text(item, "event_type"),
                    ApiJson.Text(item, "operator"),
                    ApiJson.Text(item, "country"),
                    !(item.TryGetProperty("is_allowed", out var allowed) && allowed.ValueKind == JsonValueKind.False)
                )),
        ];

    private static string? Name(ReadOnlyMemory<byte> json, string part, string name) =>
        Of(json).TryGetProperty(part, out var inner) ? ApiJson.Text(inner, name) : null;

    private static JsonElement Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

/// <summary>What came of asking.</summary>
internal sealed record AskOutcome(AskedNow? Answer, string? Problem);

/// <summary>An eSIM as its network has it now.</summary>
/// <param name="AtMs">When it was asked, Unix milliseconds.</param>
/// <param name="Status">Its status in eSIMfly's words.</param>
/// <param name="Operator">The network that it was last on.</param>
/// <param name="Country">Where that is.</param>
/// <param name="Connection">How, such as 4G.</param>
/// <param name="Device">The device's model.</param>
/// <param name="Contacts">Its contacts with networks in the last 7 days, latest first.</param>
/// <param name="NetworkProblem">Why those are not known; null where they are.</param>
internal sealed record AskedNow(
    long AtMs,
    string? Status,
    string? Operator,
    string? Country,
    string? Connection,
    string? Device,
    IReadOnlyList<NetworkContact> Contacts,
    string? NetworkProblem
);

/// <summary>A contact with a network.</summary>
public sealed record NetworkContact(long? AtMs, string? Kind, string? Operator, string? Country, bool IsAllowed)
{
    /// <summary>What it was, in words.</summary>
    public string Says =>
        Kind switch
        {
            "attach" => "Registered",
            "data_session" => "Used data",
            "location_update" => "Moved",
            null => "Contact",
            _ => Kind,
        };
}

/// <summary>What an eSIM used by day and country.</summary>
public sealed record UsageReport(IReadOnlyList<(string Day, double Mb)> Days, IReadOnlyList<(string Country, double Mb)> Countries)
{
    /// <summary>Reads an answer of <c>POST /esims/usage-report</c>.</summary>
    public static UsageReport Read(JsonElement data) =>
        new(
            [.. ApiJson.List(data, "daily_usage").Select(static item => (ApiJson.Text(item, "date") ?? "", Mb(item)))],
            [.. ApiJson.List(data, "by_country").Select(static item => (ApiJson.Text(item, "country") ?? "", Mb(item)))]
        );

    private static double Mb(JsonElement item) =>
        item.TryGetProperty("data_mb", out var mb) && mb.ValueKind == JsonValueKind.Number ? mb.GetDouble() : 0;
}
