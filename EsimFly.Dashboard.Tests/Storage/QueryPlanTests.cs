using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using EsimFly.Dashboard.Api;
using EsimFly.Dashboard.Desk;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Balance;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Desk.Overview;
using EsimFly.Dashboard.Desk.Search;
using EsimFly.Dashboard.Desk.TopUps;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EsimFly.Dashboard.Tests.Storage;

/// <summary>
/// How the database finds what pages and alerts ask for, as it says itself (EXPLAIN QUERY PLAN): never by walking a table that
/// grows with history, and never by all real rows of it, sorted afterwards.
/// </summary>
public sealed partial class QueryPlanTests
{
    private static readonly string[] Growing = ["Deliveries", "Arrivals", "Events", "EventEsims", "Orders", "Esims", "TopUps"];

    // Indexes of the rows that are few.
    private static readonly string[] Partial = ["Test", "Failed", "Exceptions", "IX_Orders_FailedAtMs", "IX_Arrivals_ReceivedAtMs"];

    // Conditions, without aliases and spaces, that most rows meet: live, processed, answered with 200, a top-up that succeeded.
    private static readonly string[] OfMost =
    [
        "NOT(\"IsTest\")",
        "\"State\"=1",
        "\"Status\"=200",
        "\"Succeeded\"",
        "EXISTS(SELECT1FROM\"Deliveries\"AS\"d\"WHERE\"Seq\"=\"DeliverySeq\"",
        "NOT(\"IsTest\"))",
        "\"IsTest\"=@isTest)",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryQueryOfPagesAndAlerts_SearchesAnIndexThatFits()
    {
        await using var app = new DashboardApp();
        await Scene.PlayAsync(app);
        var who = await app.JoinAsync(AccountRole.Viewer);
        using var heard = new Heard(app.Folder);
        var nowMs = app.Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        foreach (bool? environment in new bool?[] { null, false })
        {
            foreach (var show in OrderViews.Choices.Select(choice => (string?)choice.Value).Prepend(null))
            {
                foreach (var search in new[] { null, "ORD", Scene.HealthyOrder })
                {
                    await app.Get<OrderQueries>()
                        .ListAsync(
                            who,
                            OrderViews.Filter(
                                search,
                                show,
                                null,
                                null,
                                isOldestFirst: false,
                                new Thresholds(),
                                nowMs,
                                nowMs - 86_400_000
                            ) with
                            {
                                IsTest = environment,
                            },
                            null,
                            50,
                            Token
                        );
                }
            }

            foreach (var show in EsimViews.Choices.Select(choice => (string?)choice.Value).Prepend(null))
            {
                foreach (var search in new[] { null, "8948", Scene.HealthyIccid })
                {
                    await app.Get<EsimQueries>()
                        .ListAsync(who, EsimViews.Filter(search, show, sort: null, nowMs) with { IsTest = environment }, null, 50, Token);
                }
            }

            foreach (var state in DeliveryViews.Choices.Select(choice => (string?)choice.Value).Prepend(null))
            {
                foreach (var search in new[] { null, "0a", "order.created" })
                {
                    await app.Get<DeliveryQueries>()
                        .ListAsync(
                            who,
                            DeliveryViews.Filter(search, state, null, isOldestFirst: false) with
                            {
                                IsTest = environment,
                            },
                            null,
                            50,
                            Token
                        );
                }
            }

            foreach (var search in new[] { null, "8948" })
            {
                await app.Get<TopUpQueries>()
                    .ListAsync(who, new TopUpFilter(search, null, false, null) { IsTest = environment }, null, 50, Token);
                await app.Get<TopUpQueries>()
                    .ListAsync(who, new TopUpFilter(search, false, true, null) { IsTest = environment }, null, 50, Token);
            }

            await app.Get<OverviewQueries>().FeedAsync(who, environment, Token);
            await app.Get<MissingQueries>().ReadAsync(who, environment, nowMs, 50, Token);
        }

        await app.Get<OverviewQueries>().TotalsAsync(who, nowMs - 86_400_000, Token);
        await app.Get<HealthQueries>().StatsAsync(who, nowMs - 86_400_000, Token);
        await app.Get<HealthQueries>().FactsAsync(who, nowMs - 86_400_000, Token);
        await app.Get<HealthQueries>().ReachAsync(who, Token);
        await app.Get<BalanceQueries>().SpentSinceAsync(who, nowMs - 86_400_000, Token);
        await app.Get<OrderQueries>().FailureChoicesAsync(who, Token);
        await app.Get<OrderQueries>().FindAsync(who, Scene.HealthyOrder, isTest: false, Token);
        await app.Get<EsimQueries>().FindAsync(who, Scene.HealthyIccid, isTest: false, Token);
        await app.Get<TopUpQueries>().ErrorCodesAsync(who, Token);
        await app.Get<DeliveryQueries>().FindAsync(who, 20, Token);
        foreach (var term in new[] { "8948", "0014", "ORD", "740011", "0a1b" })
        {
            await app.Get<SearchQueries>().FindAsync(who, term, all: null, Token);
        }

        await app.Get<AlertWatch>().LookAsync(Token);
        var api = app.Get<ApiQueries>();
        foreach (bool? environment in new bool?[] { null, false, true })
        {
            foreach (var search in new[] { null, "ORD", "8948" })
            {
                await api.OrdersAsync(new OrderFilter(search, null, environment), null, 50, Token);
                await api.OrdersAsync(new OrderFilter(search, OrderStatus.Failed, environment), null, 50, Token);
                await api.EsimsAsync(new EsimFilter(search, null, environment), null, 50, Token);
                await api.EsimsAsync(new EsimFilter(search, PlanStatus.Depleted, environment), null, 50, Token);
            }

            foreach (var iccid in new[] { null, Scene.HealthyIccid })
            {
                foreach (bool? succeeded in new bool?[] { null, false, true })
                {
                    await api.TopUpsAsync(iccid, succeeded, environment, null, 50, Token);
                    await api.TopUpsAsync(iccid, succeeded, environment, 1_000_000, 50, Token);
                }
            }

            foreach (DeliveryState? state in new DeliveryState?[] { null, DeliveryState.Processed, DeliveryState.Dead })
            {
                await api.DeliveriesAsync(who, new DeliveryFilter(null, state, null, environment), null, 50, Token);
                await api.DeliveriesAsync(who, new DeliveryFilter(null, state, "order.created", environment), 1_000_000, 50, Token);
            }
        }

        await api.OrderAsync(Scene.HealthyOrder, null, Token);
        await api.EsimAsync(Scene.HealthyIccid, null, Token);
        await api.BalanceAsync(who, app.Get<BalanceQueries>(), Token);
        await api.StatsAsync(who, 24, Token);
        await app.Get<SimulatorActions>().SubjectsAsync(who, Token);
        await app.Get<SimulatorActions>().TraceAsync(who, "0a1b", Token);
        await app.Get<TestData>().MeasureAsync(who, Token);
        await app.Get<RetentionWorker>().RunAsync(Token);

        Assert.InRange(heard.Plans.Count, 60, 1000);
        var bad = heard
            .Plans.SelectMany(plan => plan.Value.Where(step => IsBad(step, plan.Key, plan.Value)).Select(step => $"{step}\n{plan.Key}"))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        Assert.True(bad.Count == 0, string.Join("\n\n", bad));
    }

    // Walking in the order that is asked for ends with the page. Walking a table or a whole environment to sort or to count it does not.
    private static bool IsBad(string step, string sql, List<string> plan) =>
        !sql.Contains("WHERE 0", StringComparison.Ordinal)
        && (
            IsWalkWithAFilter(step, sql)
            || IsSearchOfMostForTests(step, sql)
            || (
                (
                    (!sql.Contains("LIMIT", StringComparison.Ordinal) && !sql.StartsWith("SELECT EXISTS", StringComparison.Ordinal))
                    || plan.Any(other => other is "USE TEMP B-TREE FOR ORDER BY")
                ) && IsOfAll(step, sql)
            )
        );

    // Walking in order until enough rows fit goes on to the end of the table where none fits, whatever the limit. What most rows have is
    // no such filter: see OfMost. An index of few rows (a partial one) may be walked.
    private static bool IsWalkWithAFilter(string step, string sql)
    {
        if (
            OrderedWalk().Match(step) is not { Success: true } walk
            || Partial.Any(name => walk.Groups["index"].Value.StartsWith(name, StringComparison.Ordinal))
        )
        {
            return false;
        }

        var from = Growing
            .Select(table => $"FROM \"{table}\" AS \"{walk.Groups["alias"].Value}\"")
            .FirstOrDefault(text => sql.Contains(text, StringComparison.Ordinal));
        return from is not null
            && Filter().Match(sql[(sql.IndexOf(from, StringComparison.Ordinal) + from.Length)..]) is { Success: true } filter
            && !AliasOrSpace().Replace(filter.Groups["filter"].Value, "").Split("AND").All(OfMost.Contains);
    }

    // There may be no test data at all, and then every row of a state would be looked at.
    private static bool IsSearchOfMostForTests(string step, string sql) =>
        SearchByState().Match(step) is { Success: true } search
        && !Partial.Any(name => search.Groups["index"].Value.StartsWith(name, StringComparison.Ordinal))
        && Regex.IsMatch(
            sql,
            $"(WHERE|AND) \"{search.Groups["alias"].Value}\"\\.\"IsTest\"(?!\\s*(=|IN))",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );

    private static bool IsOfAll(string step, string sql) =>
        step.EndsWith("(IsTest=?)", StringComparison.Ordinal)
        || (
            Walk().Match(step) is { Success: true } walk
            && Growing.Any(table => sql.Contains($"\"{table}\" AS \"{walk.Groups["alias"].Value}\"", StringComparison.Ordinal))
        );

    [GeneratedRegex("^SCAN (?<alias>[a-z][0-9]*)( USING (COVERING )?INDEX (?<index>\\w+))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OrderedWalk();

    [GeneratedRegex("^\\s*WHERE (?<filter>.*?)(\\s*ORDER BY|\\s*LIMIT|$)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Filter();

    [GeneratedRegex("\"\\w+\"\\.|\\s+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AliasOrSpace();

    [GeneratedRegex(
        "^SEARCH (?<alias>[a-z][0-9]*) USING (COVERING )?INDEX (?<index>\\w+) \\((Status|PlanStatus|State|EventName)=\\?\\)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SearchByState();

    [GeneratedRegex("^SCAN (?<alias>[a-z][0-9]*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Walk();

    /// <summary>Hears each query that this process reads from a database in a folder, and how the database would find it.</summary>
    private sealed class Heard : IObserver<System.Diagnostics.DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly string folder;
        private readonly List<IDisposable> subscriptions = [];

        public Heard(string folder)
        {
            this.folder = folder;
            subscriptions.Add(System.Diagnostics.DiagnosticListener.AllListeners.Subscribe(this));
        }

        public ConcurrentDictionary<string, List<string>> Plans { get; } = new(StringComparer.Ordinal);

        public void OnNext(System.Diagnostics.DiagnosticListener value)
        {
            if (value.Name is "Microsoft.EntityFrameworkCore")
            {
                subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (
                value.Value is CommandEventData { Command: { } command }
                && string.Equals(value.Key, RelationalEventId.CommandExecuting.Name, StringComparison.Ordinal)
                && command.CommandText.StartsWith("SELECT", StringComparison.Ordinal)
                && command.Connection!.DataSource.StartsWith(folder, StringComparison.Ordinal)
            )
            {
                Plans.TryAdd(command.CommandText, Explain(command));
            }
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }

        public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());

        private static List<string> Explain(DbCommand command)
        {
            using var explain = command.Connection!.CreateCommand();
            explain.Transaction = command.Transaction;
            explain.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
            foreach (DbParameter parameter in command.Parameters)
            {
                var copy = explain.CreateParameter();
                (copy.ParameterName, copy.Value) = (parameter.ParameterName, parameter.Value);
                explain.Parameters.Add(copy);
            }

            var steps = new List<string>();
            using var reader = explain.ExecuteReader();
            while (reader.Read())
            {
                steps.Add(reader.GetString(3));
            }

            return steps;
        }
    }
}
