using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Projection;

public class LinkingTests
{
    private const string Iccid = "8948010010092445039";

    private static byte[] Installed(string reference) =>
        Samples.With("2026-04/esim.installed", data => data["order_reference"] = reference);

    private static byte[] Created(string id, string reference) =>
        Samples.With(
            "2025-11/order.created",
            data =>
            {
                data["order_id"] = id;
                data["order_reference"] = reference;
            }
        );

    [Fact]
    public async Task Project_ReferenceAlone_MakesAStubThatIsLinkedLater()
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync([Installed("R")], batchSize: 1);
        Assert.Equal(["ref:R"], await OrderKeysAsync(bench));
        Assert.Equal("ref:R", await OrderOfEsimAsync(bench));

        await bench.ProjectAsync([Created("ORD-9", "R")], batchSize: 1);
        Assert.Equal(["id:ORD-9"], await OrderKeysAsync(bench));
        Assert.Equal("id:ORD-9", await OrderOfEsimAsync(bench));
    }

    [Fact]
    public async Task Project_TwoOrdersWithOneReference_LeaveTheStubApartAndSaySo()
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync([Created("ORD-8", "R"), Installed("R"), Created("ORD-9", "R")], batchSize: 1);

        Assert.Equal(["id:ORD-8", "id:ORD-9", "ref:R"], await OrderKeysAsync(bench));
        await using var context = bench.Store.ReadModels.CreateDbContext();
        var stub = await context.Orders.SingleAsync(row => row.OrderKey == "ref:R", TestContext.Current.CancellationToken);
        Assert.True(stub.Flags.HasFlag(OrderFlags.AmbiguousReference));
    }

    [Fact]
    public async Task Project_TestAndReal_NeverMeet()
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync([Created("ORD-1", "R")], batchSize: 1);
        await bench.ProjectAsync(
            [Samples.With("2025-11/order.failed", data => data["order_id"] = "ORD-1"), Installed("R")],
            batchSize: 2,
            isTest: true
        );

        await using var context = bench.Store.ReadModels.CreateDbContext();
        var real = await context.Orders.SingleAsync(row => !row.IsTest, TestContext.Current.CancellationToken);
        Assert.Equal(OrderStatus.Processing, real.Status);
        Assert.False(await context.Esims.AnyAsync(row => !row.IsTest, TestContext.Current.CancellationToken));
    }

    private static async Task<List<string>> OrderKeysAsync(ProjectionBench bench)
    {
        await using var context = bench.Store.ReadModels.CreateDbContext();
        return await context
            .Orders.OrderBy(row => row.OrderKey)
            .Select(row => row.OrderKey)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string?> OrderOfEsimAsync(ProjectionBench bench)
    {
        await using var context = bench.Store.ReadModels.CreateDbContext();
        return await context
            .Esims.Where(row => row.Iccid == Iccid)
            .Select(row => row.OrderKey)
            .SingleAsync(TestContext.Current.CancellationToken);
    }
}
