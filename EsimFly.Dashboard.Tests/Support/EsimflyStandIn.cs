using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.Simulator.StandIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>An account at eSIMfly, played on this machine.</summary>
internal sealed class EsimflyStandIn : IAsyncDisposable
{
    public const string AccessCode = StandInAccount.AccessCode;
    public const string SecretKey = StandInAccount.SecretKey;

    private readonly WebApplication server;
    private readonly StandInServer standIn;

    private EsimflyStandIn(WebApplication server, StandInServer standIn, StandInAccount account) =>
        (this.server, this.standIn, Account) = (server, standIn, account);

    public StandInAccount Account { get; }

    public string Address => server.Urls.Single();

    /// <summary>How many requests came.</summary>
    public int Requests => standIn.Requests;

    /// <summary>What is answered instead, once the request is known to be good; null for what was asked.</summary>
    public Func<HttpContext, Task>? Instead
    {
        set =>
            standIn.Instead = value is null
                ? null
                : async context =>
                {
                    await value(context);
                    return true;
                };
    }

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Ahead
    {
        set => standIn.Ahead = value;
    }

    /// <summary>What is answered instead of some requests: true where it was.</summary>
    public Func<HttpContext, Task<bool>>? Sometimes
    {
        set => standIn.Instead = value;
    }

    /// <param name="orders">How many orders the account has had.</param>
    /// <param name="mostAMinute">How many requests a minute are answered.</param>
    public static async Task<EsimflyStandIn> StartAsync(int orders = 0, int mostAMinute = 60)
    {
        var account = new StandInAccount(orders, DateTimeOffset.UtcNow);
        var answering = new StandInServer(account, TimeProvider.System) { MostAMinute = mostAMinute };
        return new(await StandInCommand.StartAsync("http://127.0.0.1:0", answering, CancellationToken.None), answering, account);
    }

    /// <summary>More requests than any test makes: how they are counted is tested by itself, and would make others wait.</summary>
    public static ApiBudget Plenty(IServiceProvider services) =>
        new(
            Options.Create(new EsimflyApiOptions { RequestsPerMinute = 100_000, RequestsPerHour = 100_000 }),
            services.GetRequiredService<TimeProvider>()
        );

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
