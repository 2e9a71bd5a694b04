using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Projection;

public class RebuildTests
{
    [Fact]
    public async Task Run_NothingPlanted_FindsNothing()
    {
        await using var bench = await FilledAsync();

        var report = await bench.Rebuild.RunAsync(apply: false, progress: null, TestContext.Current.CancellationToken);

        Assert.Empty(report.Differences);
        Assert.True(report.Compared >= 8);
    }

    [Theory]
    [InlineData("UPDATE \"Orders\" SET \"Status\" = 2 WHERE \"OrderId\" = 'ORD-123456'", "order", "Status")]
    [InlineData("UPDATE \"Esims\" SET \"ExpiresAtMs\" = 1 WHERE \"Iccid\" = '8901234567890123456'", "esim", "ExpiresAtMs")]
    [InlineData("UPDATE \"Esims\" SET \"CodesFrom\" = NULL WHERE \"Iccid\" = '8901234567890123456'", "esim", "CodesFrom")]
    [InlineData("DELETE FROM \"Orders\" WHERE \"OrderId\" = 'ORD-123456'", "order", "")]
    [InlineData("DELETE FROM \"TopUps\" WHERE NOT \"Succeeded\"", "top-up", "")]
    [InlineData("UPDATE \"BalanceReadings\" SET \"Balance\" = '1.0'", "balance", "Balance")]
    [InlineData(
        "UPDATE \"Events\" SET \"OrderKey\" = 'ref:other' WHERE \"OrderId\" IS NULL AND \"OrderReference\" LIKE 'order_1776%'",
        "event",
        "OrderKey"
    )]
    [InlineData(
        "INSERT INTO \"Orders\" (\"IsTest\", \"OrderKey\", \"Status\", \"SortAtMs\", \"EsimCount\", \"Flags\", \"FoldState\") VALUES "
            + "(FALSE, 'id:GHOST', 0, 0, 0, 0, '{}')",
        "order",
        ""
    )]
    public async Task Run_ADifferencePlantedByHand_IsNamedAndMended(string plant, string entity, string field)
    {
        await using var bench = await FilledAsync();
        var before = await bench.RowsAsync();
        await bench.Store.ReadModel.WriteAsync(transaction => transaction.Execute(plant), TestContext.Current.CancellationToken);

        var found = await bench.Rebuild.RunAsync(apply: true, progress: null, TestContext.Current.CancellationToken);
        var after = await bench.Rebuild.RunAsync(apply: false, progress: null, TestContext.Current.CancellationToken);

        Assert.Contains(found.Differences, difference => (difference.Entity, difference.Field) == (entity, field));
        Assert.Empty(after.Differences);
        Assert.Equal(before, await bench.RowsAsync());
    }

    private static async Task<ProjectionBench> FilledAsync()
    {
        var bench = new ProjectionBench();
        await bench.ProjectAsync(Samples.Names.Select(Samples.Read), batchSize: 3);
        return bench;
    }
}
