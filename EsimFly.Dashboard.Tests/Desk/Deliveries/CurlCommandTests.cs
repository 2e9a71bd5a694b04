using System.Diagnostics;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Desk.Deliveries;

/// <summary>"Copy as curl": what is copied runs in a shell, arrives as a test, and holds no code.</summary>
public sealed class CurlCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2025-11/order.completed")]
    [InlineData("2026-04/esim.provisioned")]
    public async Task Command_RunInAShell_ArrivesAsATest_CodesMasked(string sample)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not here.");
        await using var app = new DashboardApp();
        await app.DeliverAsync(
            Signing.Request(
                Samples.With(sample, data => data["note"] = "it's a \"quoted\" $(touch /tmp/never) `x` \u202Etext"),
                Samples.ContractOf(sample),
                eventName: Samples.EventOf(sample)
            )
        );
        await app.SettleAsync();
        await using var context = app.OpenContext();
        var seq = (await context.Deliveries.SingleAsync(Token)).Seq;

        var command = await app.Get<DeliveryActions>()
            .CurlAsync(await app.JoinAsync(AccountRole.Support), seq, app.Address.ToString(), Token);

        Assert.DoesNotContain("LPA:1$", command, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', command!);
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", command!])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var output = await shell.StandardOutput.ReadToEndAsync(Token);
        await shell.WaitForExitAsync(Token);
        Assert.Contains(" 200 ", output, StringComparison.Ordinal);
        await app.SettleAsync();
        Assert.Equal(
            (1, 1),
            (
                await context.Deliveries.CountAsync(row => row.IsTest && row.State == DeliveryState.Processed, Token),
                await context.Deliveries.CountAsync(row => !row.IsTest, Token)
            )
        );
        Assert.False(File.Exists("/tmp/never"));
        Assert.True(await context.Audit.AnyAsync(row => row.Action == AuditActions.CurlCopied, Token));
    }
}
