using System.Security.Claims;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Balance;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Api;

/// <summary>What the read API answers: the same rows that the pages show, found by the same filters.</summary>
internal sealed class ApiQueries(
    IDbContextFactory<ReadModelDbContext> contexts,
    DeliveryQueries deliveries,
    HealthQueries health,
    TimeProvider time,
    IOptions<WholesaleOptions> options
)
{
    private const int MaxTopUps = 200;

    private string Currency => options.Value.Currency;

    /// <summary>A page of orders, latest first.</summary>
    public async Task<ApiPage<ApiOrder>> OrdersAsync(
        OrderFilter filter,
        OrderPosition? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var page = PageOf<OrderEntity>.Of(
            await OrderQueries
                .Latest(context, await OrderQueries.PlanAsync(context, filter, cancellationToken), after)
                .Take(limit + 1)
                .ToListAsync(cancellationToken),
            limit
        );
        var keys = page.Rows.Select(row => row.OrderKey).ToList();
        bool[] environments = [false, true];
        var esims = await context
            .Esims.AsNoTracking()
            .Where(row => environments.Contains(row.IsTest) && keys.Contains(row.OrderKey!)) // both environments, so that the index is used
            .Select(row => new
            {
                row.OrderKey,
                row.IsTest,
                Esim = row,
            })
            .ToListAsync(cancellationToken);
        var ofOrder = esims.ToLookup(row => (row.OrderKey, row.IsTest), row => row.Esim);
        return new ApiPage<ApiOrder>
        {
            Items = [.. page.Rows.Select(row => Describe(row, ofOrder[(row.OrderKey, row.IsTest)]))],
            NextCursor = page.HasOlder ? Cursor.Of(page.Rows[^1].SortAtMs, page.Rows[^1].IsTest, page.Rows[^1].OrderKey) : null,
        };
    }

    /// <summary>One order by its id, else by its reference; the real one where <paramref name="isTest"/> does not say.</summary>
    public async Task<ApiOrder?> OrderAsync(string idOrReference, bool? isTest, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var order = await InEnvironmentAsync(
            isTest,
            environment => OrderQueries.FindAsync(context, idOrReference, environment, cancellationToken)
        );
        return order is null
            ? null
            : Describe(
                order,
                await context
                    .Esims.AsNoTracking()
                    .Where(row => row.IsTest == order.IsTest && row.OrderKey == order.OrderKey)
                    .ToListAsync(cancellationToken)
            );
    }

    /// <summary>A page of eSIMs, latest first.</summary>
    public async Task<ApiPage<ApiEsim>> EsimsAsync(EsimFilter filter, EsimPosition? after, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var page = PageOf<EsimEntity>.Of(
            await EsimQueries
                .Latest(context, await EsimQueries.PlanAsync(context, filter, cancellationToken), after)
                .Take(limit + 1)
                .ToListAsync(cancellationToken),
            limit
        );
        return new ApiPage<ApiEsim>
        {
            Items = await DescribeAsync(context, page.Rows, cancellationToken),
            NextCursor = page.HasOlder ? Cursor.Of(page.Rows[^1].SortAtMs, page.Rows[^1].IsTest, page.Rows[^1].Iccid) : null,
        };
    }

    /// <summary>One eSIM; the real one where <paramref name="isTest"/> does not say.</summary>
    public async Task<ApiEsim?> EsimAsync(string iccid, bool? isTest, CancellationToken cancellationToken)
    {
        iccid = IccidText.Key(iccid);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var esim = await InEnvironmentAsync(
            isTest,
            environment =>
                context.Esims.AsNoTracking().FirstOrDefaultAsync(row => row.IsTest == environment && row.Iccid == iccid, cancellationToken)
        );
        return esim is null ? null : (await DescribeAsync(context, [esim], cancellationToken))[0];
    }

    /// <summary>A page of top-ups, latest delivery first.</summary>
    public async Task<ApiPage<ApiTopUp>> TopUpsAsync(
        string? iccid,
        bool? succeeded,
        bool? isTest,
        long? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var topUps = context.TopUps.AsNoTracking().Within(isTest);
        if (iccid is not null)
        {
            iccid = IccidText.Key(iccid);
            bool[] both = [false, true]; // so that the index is of use
            topUps = topUps.Where(row => both.Contains(row.IsTest) && row.Iccid == iccid);
        }

        if (succeeded is { } wanted)
        {
            // Literally: those that failed have an index.
            topUps = wanted ? topUps.Where(row => row.Succeeded) : topUps.Where(row => !row.Succeeded);
        }

        if (after is { } seq)
        {
            topUps = topUps.Where(row => row.DeliverySeq < seq);
        }

        var rows = await topUps.OrderByDescending(row => row.DeliverySeq).Take(limit + 1).ToListAsync(cancellationToken);
        var page = PageOf<TopUpEntity>.Of(rows, limit);
        return new ApiPage<ApiTopUp>
        {
            Items = [.. page.Rows.Select(Describe)],
            NextCursor = page.HasOlder ? Cursor.Of(page.Rows[^1].DeliverySeq) : null,
        };
    }

    /// <summary>The balance.</summary>
    public async Task<ApiBalance> BalanceAsync(ClaimsPrincipal who, BalanceQueries balance, CancellationToken cancellationToken)
    {
        var latest = await balance.LatestAsync(who, 1, cancellationToken) is [var reading, ..] ? reading : null;
        return new ApiBalance
        {
            CurrentBalance = latest?.Balance,
            Threshold = latest?.Threshold,
            Currency = latest?.Currency ?? Currency,
            IsLow = latest?.IsLow == true,
            AsOf = Instant(latest?.OccurredAtMs is 0 ? null : latest?.OccurredAtMs),
            FromApi = latest?.IsObserved == true,
        };
    }

    /// <summary>A page of deliveries, latest first.</summary>
    public async Task<ApiPage<ApiDelivery>> DeliveriesAsync(
        ClaimsPrincipal who,
        DeliveryFilter filter,
        long? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var page = await deliveries.ListAsync(
            who,
            filter,
            after is { } seq ? new DeliveryPosition(seq, 0) : null,
            limit,
            cancellationToken
        );
        return new ApiPage<ApiDelivery>
        {
            Items = [.. page.Rows.Select(Describe)],
            NextCursor = page.HasOlder ? Cursor.Of(page.Rows[^1].Seq) : null,
        };
    }

    /// <summary>One delivery.</summary>
    public async Task<ApiDeliveryDetail?> DeliveryAsync(ClaimsPrincipal who, long id, CancellationToken cancellationToken)
    {
        if (await deliveries.FindAsync(who, id, cancellationToken) is not { } detail)
        {
            return null;
        }

        var arrivals = detail.Arrivals.Select(static arrival => new ApiArrival
        {
            ReceivedAt = Instant(arrival.ReceivedAtMs),
            Status = arrival.Status,
            DurationMs = arrival.DurationUs / 1000m,
            Address = arrival.Address,
        });
        return new ApiDeliveryDetail(Describe(detail.Delivery.ToRow()), detail.Delivery.SafeBody, [.. arrivals]);
    }

    /// <summary>How the desk has fared in the last <paramref name="hours"/> hours.</summary>
    public async Task<ApiStats> StatsAsync(ClaimsPrincipal who, int hours, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow().AddHours(-hours).ToUnixTimeMilliseconds();
        var stats = await health.StatsAsync(who, since, cancellationToken);
        return new ApiStats
        {
            Since = Instant(since),
            Received = stats.Received,
            Processed = stats.Processed,
            Failed = stats.Failed,
            Quarantined = stats.Quarantined,
            Dead = stats.Dead,
            Duplicates = stats.Duplicates,
            Rejected = stats.Rejected,
            AverageProcessMs = stats.ProcessTimes.AverageMs,
            P50ProcessMs = stats.ProcessTimes.At(50),
            P95ProcessMs = stats.ProcessTimes.At(95),
            P99ProcessMs = stats.ProcessTimes.At(99),
            Backlog = stats.Backlog,
            BacklogOldestAt = Instant(stats.BacklogOldestAtMs),
        };
    }

    // Live data first: a test must not stand before what a customer paid for.
    private static async Task<TRow?> InEnvironmentAsync<TRow>(bool? isTest, Func<bool, Task<TRow?>> find)
        where TRow : class => isTest is { } environment ? await find(environment) : await find(false) ?? await find(true);

    private async Task<IReadOnlyList<ApiEsim>> DescribeAsync(
        ReadModelDbContext context,
        IReadOnlyList<EsimEntity> esims,
        CancellationToken cancellationToken
    )
    {
        var iccids = esims.Select(row => row.Iccid).ToList();
        var keys = esims.Select(row => row.OrderKey).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        bool[] environments = [false, true];
        var topUps = (
            await context
                .TopUps.AsNoTracking()
                .Where(row => environments.Contains(row.IsTest) && iccids.Contains(row.Iccid))
                .OrderByDescending(row => row.SortAtMs)
                .ThenByDescending(row => row.DeliverySeq)
                .Take(MaxTopUps * esims.Count)
                .ToListAsync(cancellationToken)
        ).ToLookup(row => (row.Iccid, row.IsTest));
        var orders = await context
            .Orders.AsNoTracking()
            .Where(row => environments.Contains(row.IsTest) && keys.Contains(row.OrderKey))
            .Select(row => new
            {
                row.OrderKey,
                row.IsTest,
                row.OrderId,
                row.OrderReference,
            })
            .ToDictionaryAsync(row => (row.OrderKey, row.IsTest), row => (row.OrderId, row.OrderReference), cancellationToken);
        return
        [
            .. esims.Select(row =>
            {
                var order = row.OrderKey is { } key ? orders.GetValueOrDefault((key, row.IsTest)) : default;
                return new ApiEsim
                {
                    Iccid = row.Iccid,
                    PlanStatus = row.PlanStatus,
                    ProfileStatus = row.ProfileStatus,
                    PackageCode = row.PackageCode,
                    PackageName = row.PackageName,
                    OrderId = order.OrderId,
                    OrderReference = order.OrderReference,
                    ActivatedAt = Instant(row.ActivatedAtMs),
                    ExpiresAt = Instant(row.ExpiresAtMs),
                    ExpiredAt = Instant(row.ExpiredAtMs),
                    DataUsedGb = row.DataUsedGb,
                    DataTotalGb = row.DataTotalGb,
                    UsageAsOf = Instant(row.UsageAsOfMs),
                    ObservedAt = Instant(row.ObservedAtMs),
                    IsTest = row.IsTest,
                    Flags = FlagNames.Of(row.Flags),
                    TopUps = [.. topUps[(row.Iccid, row.IsTest)].Select(Describe)],
                };
            }),
        ];
    }

    private ApiOrder Describe(OrderEntity row, IEnumerable<EsimEntity> esims) =>
        new()
        {
            OrderId = row.OrderId,
            OrderReference = row.OrderReference,
            Status = row.Status,
            PackageCode = row.PackageCode,
            PackageName = row.PackageName,
            Quantity = row.Quantity,
            Amount = row.Amount,
            Currency = row.Currency ?? Currency,
            ErrorCode = row.ErrorCode,
            ErrorMessage = row.ErrorMessage,
            CanRetry = row.CanRetry,
            CreatedAt = Instant(row.CreatedAtMs),
            CompletedAt = Instant(row.CompletedAtMs),
            FailedAt = Instant(row.FailedAtMs),
            ObservedAt = Instant(row.ObservedAtMs),
            IsTest = row.IsTest,
            Flags = FlagNames.Of(row.Flags),
            Esims =
            [
                .. esims
                    .OrderBy(esim => esim.Iccid, StringComparer.Ordinal)
                    .Select(esim => new ApiOrderEsim
                    {
                        Iccid = esim.Iccid,
                        PlanStatus = esim.PlanStatus,
                        ProfileStatus = esim.ProfileStatus,
                        ActivatedAt = Instant(esim.ActivatedAtMs),
                        ExpiresAt = Instant(esim.ExpiresAtMs),
                    }),
            ],
        };

    private ApiTopUp Describe(TopUpEntity row) =>
        new()
        {
            Id = row.DeliverySeq,
            Iccid = row.Iccid,
            Status = row.Succeeded ? "succeeded" : "failed",
            PackageCode = row.PackageCode,
            PackageName = row.PackageName,
            Amount = row.Amount,
            Currency = row.Currency ?? Currency,
            NewExpiryAt = Instant(row.NewExpiryMs),
            ErrorCode = row.ErrorCode,
            ErrorMessage = row.ErrorMessage,
            OccurredAt = Instant(row.OccurredAtMs),
            IsTest = row.IsTest,
        };

    private static ApiDelivery Describe(DeliveryRow row) =>
        new()
        {
            Id = row.Seq,
            DeliveryId = row.DeliveryId,
            Event = row.EventName,
            Contract = ContractName(row.Contract),
            SignedForm = FormName(row.SignedForm),
            State = row.State,
            ReceivedAt = Instant(row.ReceivedAtMs),
            ProcessedAt = Instant(row.ProcessedAtMs),
            Arrivals = row.Arrivals,
            Duplicates = row.Arrivals - 1,
            Flags = FlagNames.Of(row.Flags),
            Error = row.Error,
            IsTest = row.IsTest,
        };

    private static string ContractName(Contract.ContractVersion version) => Contract.ContractNames.Name(version);

    private static string FormName(Contract.SignedForm form) => Contract.ContractNames.Name(form);

    private static DateTime Instant(long ms) => DateTime.UnixEpoch.AddMilliseconds(ms);

    private static DateTime? Instant(long? ms) => ms is { } value ? Instant(value) : null;
}
