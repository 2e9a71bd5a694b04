using System.Globalization;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.EsimflyApi.Sync;

/// <summary>
/// Asks eSIMfly's API in the background for what webhooks do not report, each kind by its own schedule, and all of it within the budget of
/// requests. What it has done is kept, so that it goes on where it was after a restart.
/// </summary>
internal sealed class Synchroniser(
    EsimflyClient client,
    ApiKeyStore keys,
    SyncReads reads,
    IDbContextFactory<ReadModelDbContext> desks,
    IDbContextFactory<LogDbContext> logs,
    LogWriter writer,
    ChangeNotifier notifier,
    Leases leases,
    TimeProvider time,
    ILogger<Synchroniser> logger
) : PeriodicWorker(time, logger)
{
    private const int MostDifferences = 200;

    // Of a long list, before the other jobs have their turn.
    private const int PagesAtOnce = 5;

    private static readonly TimeSpan AfterAProblem = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenBalances = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim one = new(1);

    /// <inheritdoc/>
    protected override TimeSpan UntilNext { get; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override bool IsOn => leases.IsLeader;

    private long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>How far it is.</summary>
    public Task<SyncState> StateAsync(CancellationToken cancellationToken) => SyncState.Setting.ReadAsync(logs, cancellationToken);

    /// <summary>Begins or goes on with the run over the history.</summary>
    public async Task StartHistoryAsync(CancellationToken cancellationToken)
    {
        await ChangeAsync(
            state =>
                state with
                {
                    History = state.History.DoneMs is null
                        ? state.History with
                        {
                            IsRunning = true,
                            UntilMs = state.History.UntilMs ?? NowMs,
                            Problem = null,
                        }
                        : new() { IsRunning = true, UntilMs = NowMs },
                },
            cancellationToken
        );
        Wake();
    }

    /// <summary>Halts the run over the history; it can be gone on with.</summary>
    public Task StopHistoryAsync(CancellationToken cancellationToken) =>
        ChangeAsync(state => state with { History = state.History with { IsRunning = false } }, cancellationToken);

    /// <summary>Lets a job run with the next look.</summary>
    public async Task RunSoonAsync(SyncJob job, CancellationToken cancellationToken)
    {
        await ChangeAsync(state => state.With(job, state.Of(job) with { NextRunMs = 0 }), cancellationToken);
        Wake();
    }

    /// <summary>Compares orders since an instant and all active eSIMs with eSIMfly's, and works in what differs.</summary>
    /// <param name="fromMs">The beginning of the span, Unix milliseconds.</param>
    /// <param name="progress">Hears how many orders and eSIMs were compared.</param>
    /// <param name="cancellationToken">Ends it; what was found until then is applied.</param>
    public Task<ReconcileState> ReconcileAsync(long fromMs, IProgress<int>? progress, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => ReconcileAloneAsync(fromMs, progress, cancellationToken));

    private async Task<ReconcileState> ReconcileAloneAsync(long fromMs, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            var all = new KeptAnswer(0, 0, []);
            var orders = await reads.OrdersAsync(fromMs, untilMs: null, isClick: true, Report, cancellationToken);
            var compared = all.Read;
            var esims = orders ?? await reads.ActiveEsimsAsync(isClick: true, Report, new SyncPlace(), cancellationToken);
            var problem = esims ?? await reads.BalanceAsync(isClick: true, cancellationToken);
            var result = new ReconcileState
            {
                AtMs = NowMs,
                FromMs = fromMs,
                Orders = compared,
                Esims = all.Read - compared,
                Unknown = all.Different.Count(static item => item.Here is null),
                Changed = all.Different.Count(static item => item.Here is not null),
                Different = [.. all.Different.OrderBy(static item => item.Here is null).Take(MostDifferences)],
                Problem = problem?.Says,
            };
            await ChangeAsync(state => state with { Reconciled = result }, cancellationToken);
            return result;

            void Report(KeptAnswer kept)
            {
                all = all.And(kept);
                progress?.Report(all.Read);
            }
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Does what is due, once.</summary>
    internal async Task RunDueAsync(CancellationToken cancellationToken)
    {
        if (keys.Current is null)
        {
            return;
        }

        await one.WaitAsync(cancellationToken);
        try
        {
            await AskBalanceAfterFailureAsync(cancellationToken);
            foreach (var job in Enum.GetValues<SyncJob>())
            {
                var state = await StateAsync(cancellationToken);
                if (state.Of(job).NextRunMs <= NowMs)
                {
                    await RunAsync(job, cancellationToken);
                }
            }

            while (await ReadHistoryPageAsync(cancellationToken))
            {
                // Page after page, as long as the budget allows.
            }
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        one.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task TickAsync(CancellationToken stoppingToken) => RunDueAsync(stoppingToken);

    private static TimeSpan Every(SyncJob job) =>
        job switch
        {
            SyncJob.Orders => TimeSpan.FromMinutes(15),
            SyncJob.ActiveEsims => TimeSpan.FromHours(24),
            SyncJob.Webhook => TimeSpan.FromMinutes(5),
            _ => TimeSpan.FromHours(1),
        };

    private async Task RunAsync(SyncJob job, CancellationToken cancellationToken)
    {
        var all = new KeptAnswer(0, 0, []);
        var before = (await StateAsync(cancellationToken)).Of(job);
        var last = before.LastRunMs;

        // A page is read again: what left the list meanwhile has moved the rest forward.
        var place = new SyncPlace { NextPage = Math.Max(1, before.NextPage - 1), MostPages = PagesAtOnce };
        var problem = job switch
        {
            SyncJob.Balance => await reads.BalanceAsync(isClick: false, cancellationToken),
            SyncJob.Orders => await reads.OpenOrdersAsync(last, Add, cancellationToken),
            SyncJob.ActiveEsims => await reads.ActiveEsimsAsync(isClick: false, Add, place, cancellationToken),
            SyncJob.ExpiringEsims => await reads.ExpiringEsimsAsync(Add, cancellationToken),
            SyncJob.Webhook => await ReadWebhookAsync(cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(job)),
        };
        var isUnderWay = job is SyncJob.ActiveEsims && !place.IsAtEnd;
        var next = isUnderWay && problem is null ? 0 : NowMs + (long)(problem is null ? Every(job) : AfterAProblem).TotalMilliseconds;
        await ChangeAsync(
            state =>
                state.With(
                    job,
                    new()
                    {
                        LastRunMs = problem is null && !isUnderWay ? NowMs : state.Of(job).LastRunMs,
                        NextRunMs = next,
                        NextPage = isUnderWay ? Math.Max(place.NextPage, before.NextPage) : 1,
                        HasFailed = problem is not null,
                        Result = problem?.Says ?? (isUnderWay ? HowFar(place) : Words(job, all)),
                    }
                ),
            cancellationToken
        );

        void Add(KeptAnswer kept) => all = all.And(kept);
    }

    private static string HowFar(SyncPlace place) =>
        place.Pages is { } pages
            ? string.Create(CultureInfo.InvariantCulture, $"page {place.NextPage - 1:#,0} of {pages:#,0} read")
            : string.Create(CultureInfo.InvariantCulture, $"page {place.NextPage - 1:#,0} read");

    private static string Words(SyncJob job, KeptAnswer all) =>
        job is SyncJob.Balance or SyncJob.Webhook
            ? "read"
            : string.Create(CultureInfo.InvariantCulture, $"{all.Read:#,0} read, {all.News:#,0} with something new");

    private async Task<ApiProblem?> ReadWebhookAsync(CancellationToken cancellationToken)
    {
        var answer = await client.WebhooksAsync(isClick: false, cancellationToken);
        if (answer.Value is not { } webhooks)
        {
            return answer.Problem;
        }

        await NoteAsync(webhooks, cancellationToken);
        return null;
    }

    /// <summary>Keeps what eSIMfly says of the webhook.</summary>
    internal Task NoteAsync(ApiWebhooks webhooks, CancellationToken cancellationToken) =>
        ChangeAsync(
            state =>
                state with
                {
                    Webhook = new()
                    {
                        AskedMs = NowMs,
                        Address = webhooks.Address,
                        Events = webhooks.Events,
                        Recent = webhooks.Recent,
                    },
                },
            cancellationToken
        );

    // False where there is nothing more to be read for now.
    private async Task<bool> ReadHistoryPageAsync(CancellationToken cancellationToken)
    {
        var history = (await StateAsync(cancellationToken)).History;
        if (!history.IsRunning)
        {
            return false;
        }

        var answer = await client.OrdersAsync(fromMs: null, history.UntilMs, history.NextPage, isClick: false, cancellationToken);
        var problem = answer.Problem;
        if (answer.Value is { } read)
        {
            problem = await reads.KeepAsync(ObservedSubject.Order, "GET /orders", read.Items, null, cancellationToken);
        }

        await ChangeAsync(
            state =>
                state with
                {
                    History = problem is not null ? state.History with { Problem = problem.Says } : Further(state.History, answer.Value!),
                },
            cancellationToken
        );
        return problem is null;
    }

    // Whether it goes on is as it is now: it may have been halted while the page was read.
    private HistoryState Further(HistoryState history, WholesalePage read)
    {
        var isDone = !read.HasMore(history.NextPage, before: null);
        return history with
        {
            NextPage = history.NextPage + 1,
            Pages = read.Pages,
            Orders = history.Orders + read.Items.Count,
            DoneMs = isDone ? NowMs : null,
            IsRunning = history.IsRunning && !isDone,
            Problem = null,
        };
    }

    // What failed may have failed for want of money.
    private async Task AskBalanceAfterFailureAsync(CancellationToken cancellationToken)
    {
        var balance = (await StateAsync(cancellationToken)).Of(SyncJob.Balance);
        if (balance.LastRunMs is not { } last || NowMs - last < BetweenBalances.TotalMilliseconds)
        {
            return;
        }

        var isTest = false;
        await using var context = await desks.CreateDbContextAsync(cancellationToken);
        var hasFailed =
            await context.Orders.AnyAsync(row => row.FailedAtMs > last && row.IsTest == isTest, cancellationToken)
            || await context.TopUps.AnyAsync(row => !row.Succeeded && row.OccurredAtMs > last && row.IsTest == isTest, cancellationToken);
        if (hasFailed)
        {
            await RunAsync(SyncJob.Balance, cancellationToken);
        }
    }

    private async Task ChangeAsync(Func<SyncState, SyncState> change, CancellationToken cancellationToken)
    {
        await writer.WriteAsync(
            transaction => SyncState.Setting.Write(transaction, change(SyncState.Setting.Read(transaction))),
            cancellationToken
        );
        notifier.Publish([new Change(Topic.Account, "", IsTest: false)]);
    }
}
