using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using CsCheck;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Simulator;

/// <summary>A test never becomes real, nor a real delivery a test; and what plays eSIMfly sends to two addresses and to no other.</summary>
public sealed class EnvironmentsTests(ITestOutputHelper output)
{
    private static readonly EventType[] Sent =
    [
        EventType.OrderCreated,
        EventType.OrderCompleted,
        EventType.OrderFailed,
        EventType.EsimActivated,
        EventType.EsimUsageThreshold,
        EventType.EsimExpired,
        EventType.TopUpCompleted,
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Environment_OfAnyDeliveriesInAnyOrder_ComesFromTheSecretAlone()
    {
        await using var both = new DashboardApp();
        await using var realOnly = new DashboardApp();
        var testKey = both.Get<SigningSecrets>().Current.Single(secret => secret.IsTest).Key.ToArray();
        var round = 0;

        // The same subjects in both environments, the same bodies even, ids and claims of being a test at random.
        var deliveries = Gen.Select(Gen.Int[0, Sent.Length - 1], Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[0, 3]).List[1, 12];
        await deliveries.SampleAsync(
            async story =>
            {
                var own = Interlocked.Increment(ref round);
                var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
                var subjects = Enumerable
                    .Range(0, 3)
                    .Select(i => new SimulatedSubject(
                        $"W-{own}-{i}",
                        $"R-{own}-{i}",
                        SimulatedSubject.NewIccid(new Random((own * 10) + i)),
                        SimulatedPackage.All[0]
                    ))
                    .ToList();
                foreach (var (type, subject, isTest, claimsTest, id) in story)
                {
                    at += TimeSpan.FromMinutes(1);
                    var body = SimulatedEvents.Body(
                        Sent[type],
                        subjects[subject],
                        at,
                        data =>
                        {
                            if (claimsTest)
                            {
                                (data["is_test"], data["test"], data["mode"]) = (true, true, "test");
                            }
                        }
                    );
                    var request = new SimulatedRequest
                    {
                        Body = body,
                        Contract = SimulatedEvents.ContractOf(Sent[type]),
                        DeliveryId = $"{own}-{id}",
                        EventHeader = Sent[type].Name(),
                    };
                    await PostAsync(both, request, isTest ? testKey : Encoding.UTF8.GetBytes(Signing.Secret), claimsTest);
                    if (!isTest)
                    {
                        await PostAsync(realOnly, request, Encoding.UTF8.GetBytes(Signing.Secret), claimsTest);
                    }
                }

                await both.SettleAsync();
                await using var context = both.OpenContext();
                var bodies = await context
                    .Deliveries.AsNoTracking()
                    .Where(row => row.DeliveryId!.StartsWith($"{own}-"))
                    .Select(row => row.IsTest)
                    .ToListAsync(Token);
                Assert.Equal(
                    (story.Count(item => item.Item3), story.Count(item => !item.Item3)),
                    (bodies.Count(isTest => isTest), bodies.Count(isTest => !isTest))
                );
            },
            iter: 40,
            threads: 1
        );

        await realOnly.SettleAsync();
        Assert.Equal(await RealRowsAsync(realOnly), await RealRowsAsync(both));
        output.WriteLine($"{round} stories");
    }

    [Fact]
    public async Task Simulator_SendsToItsOwnAndThePublicAddress_AndFollowsNoRedirect()
    {
        var asked = new ConcurrentBag<string>();
        var elsewhere = new ConcurrentBag<string>();
        await using var third = await ListenAsync(context =>
        {
            elsewhere.Add(context.Request.Path);
            return Task.CompletedTask;
        });
        await using var publicSide = await ListenAsync(context =>
        {
            asked.Add(context.Request.Path);
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = AddressOf(third) + "/stolen";
            return Task.CompletedTask;
        });
        await using var app = new DashboardApp();
        var reached = new ConcurrentBag<string>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name is "System.Net.Http" && instrument.Name is "http.client.request.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>(
            (_, _, tags, _) => reached.Add($"{Tag(tags, "server.address")}:{Tag(tags, "server.port")}")
        );
        meters.Start();
        Assert.Null(await app.Get<AddressActions>().SetAsync(await app.JoinAsync(AccountRole.Admin), AddressOf(publicSide), Token));
        var support = await app.JoinAsync(AccountRole.Support);

        foreach (var type in EventTypes.All)
        {
            foreach (var target in Enum.GetValues<SimulatorTarget>())
            {
                var answer = await app.Get<SimulatorActions>().SendAsync(support, Request(type), target, Token);
                Assert.Equal(target == SimulatorTarget.Own ? 200 : 307, answer.Status);
            }
        }

        Assert.All(asked, path => Assert.Equal("/webhooks/esimfly", path));
        Assert.Equal(EventTypes.All.Count, asked.Count);
        Assert.Empty(elsewhere);
        Assert.Contains($"{app.Get<OwnAddress>().Webhook!.Host}:{app.Address.Port}", reached, StringComparer.Ordinal);
        Assert.DoesNotContain(reached, address => address.EndsWith($":{new Uri(AddressOf(third)).Port}", StringComparison.Ordinal));
    }

    [Fact]
    public void Sources_OnlyTheSimulatorsClientAndThatOfEsimflysApiMakeRequests()
    {
        var makers = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "EsimFly.Dashboard"), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains("/obj/", StringComparison.Ordinal)
                && System.Text.RegularExpressions.Regex.IsMatch(
                    File.ReadAllText(file),
                    "new HttpClient|IHttpClientFactory|new SocketsHttpHandler|new TcpClient|new Socket\\(|WebRequest",
                    System.Text.RegularExpressions.RegexOptions.None,
                    TimeSpan.FromSeconds(1)
                )
            )
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);

        Assert.Equal(["EsimflyApiRoom.cs", "EsimflyClient.cs", "SimulatorClient.cs"], makers, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("https://desk.example.com/", "https://desk.example.com", null)]
    [InlineData("https://desk.example.com:8443/base", "https://desk.example.com:8443/base", null)]
    [InlineData(" https://desk.example.com/webhooks/esimfly ", "https://desk.example.com", null)]
    [InlineData("http://localhost:5080", "http://localhost:5080", null)]
    [InlineData("http://desk.example.com", null, "https://")]
    [InlineData("desk.example.com", null, "address such as")]
    [InlineData("ftp://desk.example.com", null, "address such as")]
    [InlineData("https://user:pass@desk.example.com", null, "neither a user")]
    [InlineData("https://desk.example.com/?to=x", null, "neither a user")]
    [InlineData("javascript:alert(1)", null, "address such as")]
    public void PublicAddress_IsReadOrRefused(string typed, string? set, string? problem)
    {
        var (read, why) = PublicAddress.Read(typed);

        Assert.Equal(set, read?.Base);
        Assert.Equal(problem is null, why is null);
        Assert.Contains(problem ?? "", why ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARun_ThatIsStopped_Ends_AndTooManyAreRefused()
    {
        await using var app = new DashboardApp();
        var support = await app.JoinAsync(AccountRole.Support);
        await app.Get<FaultRehearsal>().SetAsync(new() { Fault = RehearsedFault.Answer503, Remaining = 100 }, _ => { }, Token);
        for (var i = 0; i < RetryRuns.MostUnderWay; i++)
        {
            Assert.True(
                await app.Get<SimulatorActions>()
                    .StartRetriesAsync(support, Request(EventType.OrderCreated), RetryPace.Real, SimulatorTarget.Own, Token)
            );
        }

        Assert.False(
            await app.Get<SimulatorActions>()
                .StartRetriesAsync(support, Request(EventType.OrderCreated), RetryPace.Real, SimulatorTarget.Own, Token)
        );
        var runs = app.Get<RetryRuns>().Latest;
        await Eventually.IsTrueAsync(() => runs.All(run => run.Attempts.Count > 0), "each has been tried once");
        foreach (var run in runs)
        {
            run.Stop();
        }

        await Eventually.IsTrueAsync(() => runs.All(run => run is { IsOver: true, Problem: not null }), "all have ended");
    }

    private static SimulatedRequest Request(EventType type) =>
        new()
        {
            Body = SimulatedEvents.Body(type, SimulatedSubject.New(Random.Shared), DateTimeOffset.UtcNow),
            Contract = SimulatedEvents.ContractOf(type),
            EventHeader = type.Name(),
        };

    private static async Task PostAsync(DashboardApp app, SimulatedRequest simulated, byte[] key, bool claimsTest)
    {
        var request = simulated.ToHttp(new Uri(app.Address, "/webhooks/esimfly"), key);
        if (claimsTest)
        {
            request.Headers.Add("X-Test", "true");
            request.Headers.Add("X-eSIMfly-Test", "1");
        }

        using var response = await app.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<string> RealRowsAsync(DashboardApp app)
    {
        var rows = await ProjectionBench.RowsAsync(app.OpenReadModel);
        return string.Join('\n', rows.Split('\n').Where(row => row.Contains("IsTest=False", StringComparison.Ordinal)));
    }

    private static async Task<WebApplication> ListenAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Token);
        return server;
    }

    private static string AddressOf(WebApplication server) => server.Urls.First();

    private static object? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (string.Equals(tag.Key, name, StringComparison.Ordinal))
            {
                return tag.Value;
            }
        }

        return null;
    }
}
