using System.CommandLine;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Simulator;

/// <summary>The Simulator on the command line, beside a desk that runs.</summary>
public sealed class SimulateCommandTests
{
    [Theory]
    [InlineData("simulate")]
    [InlineData("simulate", "order.teleported")]
    [InlineData("simulate", "order.created", "--count", "0")]
    [InlineData("simulate", "order.created", "--to", "http://example.com")]
    [InlineData("simulate", "order.created", "--to", "http://localhost.example.com")]
    [InlineData("simulate", "order.created", "--to", "ftp://localhost")]
    [InlineData("simulate", "order.created", "--fast", "1")]
    [InlineData("simulate", "replay", "--rate", "5")]
    [InlineData("simulate", "replay", "--secret-env", "S")]
    [InlineData("simulate", "order.created", "--retries", "soon")]
    public void WhatIsNotUnderstood_OrIsNotThisMachine_IsRefused(params string[] args) => Assert.NotEmpty(Parse(args).Errors);

    [Fact]
    public void WhatIsUnderstood_IsRead()
    {
        var read = Parse([
            "simulate",
            "esim.expired",
            "--count",
            "12",
            "--rate",
            "2.5",
            "--to",
            "http://127.0.0.1:81/x",
            "--secret-env",
            "S",
        ]);

        Assert.Empty(read.Errors);
        Assert.Equal(
            new SimulateOrder(EventType.EsimExpired, null, 12, 2.5, null, new Uri("http://127.0.0.1:81/webhooks/esimfly"), "S"),
            SimulateCommand.Read(read)
        );
    }

    [Fact]
    public async Task BesideARunningDesk_ItsDeliveriesArriveAsTests_AndItsScenariosCheck()
    {
        await using var app = new DashboardApp();
        var to = app.Address.ToString();

        var (sent, output) = await RunAsync(app.Folder, "order.created", "--count", "3", "--to", to);
        var (played, checkedOut) = await RunAsync(app.Folder, "replay", "--to", to);
        var (refused, refusal) = await RunAsync(app.Folder, "order.created", "--to", "http://example.com");

        Assert.True(sent == 0, output);
        Assert.Contains("3 × 200", output, StringComparison.Ordinal);
        Assert.True(played == 0, checkedOut);
        Assert.Contains("All as it should be.", checkedOut, StringComparison.Ordinal);
        Assert.True(refused == 2, refusal);
        await using var context = app.OpenContext();
        Assert.Equal(4, await context.Deliveries.CountAsync(row => row.IsTest, TestContext.Current.CancellationToken));
        Assert.False(await context.Deliveries.AnyAsync(row => !row.IsTest, TestContext.Current.CancellationToken));
    }

    private static ParseResult Parse(params string[] args) =>
        new RootCommand { SimulateCommand.Describe(static () => throw new InvalidOperationException()) }.Parse(args);

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, params IEnumerable<string> args)
    {
        using var process = new AppProcess(folder, arguments: ["simulate", .. args]);
        return (await process.ExitAsync(), process.Output);
    }
}
