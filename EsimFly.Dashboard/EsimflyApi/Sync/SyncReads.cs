using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.EsimflyApi.Sync;

/// <summary>
/// What can be read with eSIMfly's API and kept in the log; when is the <see cref="Synchroniser"/>'s to say. Each ends at the first
/// problem and returns it; null where all was read.
/// </summary>
internal sealed class SyncReads(
    EsimflyClient client,
    Observations observations,
    IDbContextFactory<ReadModelDbContext> desks,
    TimeProvider time
)
{
    private const int MostOfExpiring = 10;
    private const int MostOpen = 10;
    private const int MostLookedAt = 1000;

    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);
    private static readonly TimeSpan OldestOpen = TimeSpan.FromDays(30);
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Soon = TimeSpan.FromHours(24);

    private readonly Turns<long> ofOpen = new();
    private readonly Turns<string> ofExpiring = new();

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The balance.</summary>
    public async Task<ApiProblem?> BalanceAsync(bool isClick, CancellationToken cancellationToken)
    {
        var answer = await client.BalanceAsync(isClick, cancellationToken);
        return answer.Value is { } balance
            ? await KeepAsync(ObservedSubject.Balance, "GET /balance", [balance.Json], null, cancellationToken)
            : answer.Problem;
    }

    /// <summary>The orders that were placed in a span, in Unix milliseconds; to the present where it has no end.</summary>
    public Task<ApiProblem?> OrdersAsync(
        long fromMs,
        long? untilMs,
        bool isClick,
        Action<KeptAnswer> report,
        CancellationToken cancellationToken
    ) =>
        PagesAsync(
            ObservedSubject.Order,
            "GET /orders",
            page => client.OrdersAsync(fromMs, untilMs, page, isClick, cancellationToken),
            report,
            new SyncPlace(),
            cancellationToken
        );

    /// <summary>All active eSIMs, from a place on, which moves with what is read.</summary>
    public Task<ApiProblem?> ActiveEsimsAsync(
        bool isClick,
        Action<KeptAnswer> report,
        SyncPlace place,
        CancellationToken cancellationToken
    ) =>
        PagesAsync(
            ObservedSubject.Esim,
            "GET /esims",
            page => client.EsimsAsync("ACTIVE", page, isClick, cancellationToken),
            report,
            place,
            cancellationToken
        );

    private async Task<ApiProblem?> PagesAsync(
        string subject,
        string asked,
        Func<int, Task<ApiAnswer<WholesalePage>>> ask,
        Action<KeptAnswer> report,
        SyncPlace place,
        CancellationToken cancellationToken
    )
    {
        WholesalePage? before = null;
        for (var pages = 0; pages < place.MostPages; pages++)
        {
            var answer = await ask(place.NextPage);
            if (answer.Value is not { } read)
            {
                return answer.Problem;
            }

            if (await KeepAsync(subject, asked, read.Items, report, cancellationToken) is { } problem)
            {
                return problem;
            }

            place.Pages = read.Pages;
            place.IsAtEnd = !read.HasMore(place.NextPage, before);
            if (place.IsAtEnd)
            {
                return null;
            }

            before = read;
            place.NextPage++;
        }

        return null;
    }

    /// <summary>
    /// What is new since it was last asked (Unix milliseconds), and those that are still open, each by the minute in which it was
    /// placed: the span of all of them may be long.
    /// </summary>
    public async Task<ApiProblem?> OpenOrdersAsync(long? lastMs, Action<KeptAnswer> report, CancellationToken cancellationToken)
    {
        var recentMs = (lastMs ?? NowMs - (long)Soon.TotalMilliseconds) - (long)Overlap.TotalMilliseconds;
        var problem = await OrdersAsync(recentMs, untilMs: null, isClick: false, report, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        foreach (var placedMs in await OpenSinceAsync(recentMs, cancellationToken))
        {
            var aroundMs = (long)Around.TotalMilliseconds;
            problem = await OrdersAsync(placedMs - aroundMs, placedMs + aroundMs, isClick: false, report, cancellationToken);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    // When those were placed that were asked about least recently.
    private async Task<IReadOnlyList<long>> OpenSinceAsync(long beforeMs, CancellationToken cancellationToken)
    {
        var (sinceMs, isTest) = (NowMs - (long)OldestOpen.TotalMilliseconds, false);
        await using var context = await desks.CreateDbContextAsync(cancellationToken);
        var open = await context
            .Orders.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.Status == OrderStatus.Processing)
            .Where(row => row.SortAtMs > sinceMs && row.SortAtMs < beforeMs)
            .OrderBy(row => row.SortAtMs)
            .Take(MostLookedAt)
            .Select(row => row.SortAtMs)
            .ToListAsync(cancellationToken);
        return ofOpen.Take(open, MostOpen);
    }

    /// <summary>Some of the eSIMs whose plan ends within a day, each in its turn.</summary>
    public async Task<ApiProblem?> ExpiringEsimsAsync(Action<KeptAnswer> report, CancellationToken cancellationToken)
    {
        var (nowMs, isTest) = (NowMs, false);
        var untilMs = nowMs + (long)Soon.TotalMilliseconds;
        var sinceMs = nowMs - (long)Soon.TotalMilliseconds;
        List<string> iccids;
        await using (var context = await desks.CreateDbContextAsync(cancellationToken))
        {
            iccids = await context
                .Esims.AsNoTracking()
                .Where(row => row.IsTest == isTest && row.PlanStatus == PlanStatus.Active)
                .Where(row => row.ExpiresAtMs < untilMs && row.ExpiresAtMs > sinceMs)
                .OrderBy(row => row.ExpiresAtMs)
                .Take(MostLookedAt)
                .Select(row => row.Iccid)
                .ToListAsync(cancellationToken);
        }

        foreach (var iccid in ofExpiring.Take(iccids, MostOfExpiring))
        {
            if (await UsageAsync(iccid, report, cancellationToken) is { Code: not "ESIM_NOT_FOUND" } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>The usage of an eSIM as eSIMfly has it stored, not because somebody clicked.</summary>
    public async Task<ApiProblem?> UsageAsync(string iccid, Action<KeptAnswer>? report, CancellationToken cancellationToken)
    {
        var answer = await client.UsageAsync(iccid, isClick: false, cancellationToken);
        return answer.Value is { } part
            ? await KeepAsync(ObservedSubject.Esim, "GET /esims/usage/query", [part.Json], report, cancellationToken)
            : answer.Problem;
    }

    /// <summary>Keeps an answer.</summary>
    /// <returns>Null where it is kept.</returns>
    public async Task<ApiProblem?> KeepAsync(
        string subject,
        string asked,
        IReadOnlyList<ReadOnlyMemory<byte>> parts,
        Action<KeptAnswer>? report,
        CancellationToken cancellationToken
    )
    {
        var kept = await observations.KeepAsync(subject, asked, parts, cancellationToken);
        if (kept is null)
        {
            return ApiProblem.NotKept;
        }

        report?.Invoke(kept);
        return null;
    }
}
