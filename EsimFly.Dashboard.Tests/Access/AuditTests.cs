using System.Net;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Access;

public class AuditTests : IAsyncDisposable
{
    private readonly DashboardApp app = new();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("""UPDATE "Audit" SET "Actor" = 'somebody else'""")]
    [InlineData("""DELETE FROM "Audit" """)]
    public async Task Log_IsAppendOnly_InTheDatabaseItself(string sql)
    {
        await app.JoinAsync(AccountRole.Admin);

        var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
            app.Get<LogWriter>().WriteAsync(transaction => transaction.Execute(sql), TestContext.Current.CancellationToken)
        );

        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        await using var context = app.OpenContext();
        Assert.True(await context.Audit.AnyAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task List_IsFilteredAndPagedByKey()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        for (var i = 0; i < 30; i++)
        {
            await app.Get<AuditLog>()
                .WriteAsync(
                    new(i % 2 == 0 ? AuditActions.CodeRevealed : AuditActions.Requeued, $"subject {i}") { ActorName = "Nora" },
                    TestContext.Current.CancellationToken
                );
        }

        var queries = app.Get<AuditQueries>();
        var filter = new AuditFilter("subject", AuditActions.CodeRevealed);
        var first = await queries.ListAsync(admin, filter, after: null, 10, TestContext.Current.CancellationToken);
        var second = await queries.ListAsync(admin, filter, first.Rows[^1].Id, 10, TestContext.Current.CancellationToken);

        Assert.True(first.HasOlder);
        Assert.False(second.HasOlder);
        Assert.Equal(15, first.Rows.Concat(second.Rows).Select(row => row.Id).Distinct().Count());
        Assert.All(first.Rows.Concat(second.Rows), row => Assert.Equal(AuditActions.CodeRevealed, row.Action));
        Assert.Empty(
            (
                await queries.ListAsync(
                    admin,
                    filter with
                    {
                        UntilMs = first.Rows[^1].AtMs - 60_000,
                    },
                    null,
                    10,
                    TestContext.Current.CancellationToken
                )
            ).Rows
        );
    }

    [Fact]
    public async Task Export_IsCsvThatNoSpreadsheetRuns_AndIsRecordedItself()
    {
        using var client = await app.SignInAsync(AccountRole.Admin);
        await app.Get<AuditLog>()
            .WriteAsync(
                new(AuditActions.Renamed, "=HYPERLINK(\"http://evil.example\")", "@SUM(A1), \"quoted\"\nline") { ActorName = "+cmd" },
                TestContext.Current.CancellationToken
            );

        using var response = await client.GetAsync("/settings/audit.csv?q=%2Bcmd", TestContext.Current.CancellationToken);
        var csv = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("time_utc,actor,action,subject,detail,address\r\n", csv, StringComparison.Ordinal);
        Assert.Contains(
            ",'+cmd,account.renamed,\"'=HYPERLINK(\"\"http://evil.example\"\")\",\"'@SUM(A1), \"\"quoted\"\"\nline\",\r\n",
            csv,
            StringComparison.Ordinal
        );
        await using var context = app.OpenContext();
        Assert.True(await context.Audit.AnyAsync(row => row.Action == AuditActions.Exported, TestContext.Current.CancellationToken));
    }
}
