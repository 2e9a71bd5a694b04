using System.Diagnostics;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Storage;

public sealed class InterruptibleReadsTests
{
    // It counts to a number that nothing reaches while a test lasts.
    private const string Endless = """
        WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 100000000000) SELECT MAX(n) AS "Value"
            FROM counted
        """;

    [Fact]
    public async Task Read_ThatIsCancelled_IsInterruptedAndTheConnectionServesOn()
    {
        await using var store = new TestStore();
        for (var round = 0; round < 20; round++)
        {
            await using var context = store.ReadModels.CreateDbContext();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var started = Stopwatch.GetTimestamp();

            var reading = context.Database.SqlQueryRaw<long>(Endless).ToListAsync(stop.Token);
            Assert.False(reading.IsCompleted); // the caller's thread is free: the read is on another
            stop.CancelAfter(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
            await using var next = store.ReadModels.CreateDbContext();
            Assert.Equal(0, await next.Orders.CountAsync(TestContext.Current.CancellationToken));
        }
    }
}
