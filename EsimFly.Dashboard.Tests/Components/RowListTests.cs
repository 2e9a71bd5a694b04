using EsimFly.Dashboard.Components.Tables;

namespace EsimFly.Dashboard.Tests.Components;

/// <summary>A list that is held under its viewer's pointer.</summary>
public sealed class RowListTests
{
    private readonly RowList<Row> list = new(static row => row.Id);

    [Fact]
    public async Task Hold_NewRows_AreCountedNotShown_AndKnownOnesFollow()
    {
        await list.LoadAsync(() => Page(new Row(2, "b"), new Row(1, "a")));

        await list.HoldAsync(
            () => Page(new Row(4, "d"), new Row(3, "c"), new Row(2, "b changed")),
            rows => Again(new Row(2, "b changed"), new Row(1, "a changed"))
        );

        Assert.Equal("b changed, a changed", Shown);
        Assert.Equal(2, list.NewCount);

        await list.LoadAsync(() => Page(new Row(4, "d"), new Row(3, "c"), new Row(2, "b changed")));

        Assert.Equal("d, c, b changed", Shown);
        Assert.Equal(0, list.NewCount);
    }

    [Fact]
    public async Task Hold_AnEmptyList_TakesWhatComes()
    {
        await list.LoadAsync(() => Page());

        await list.HoldAsync(() => Page(new Row(1, "a")), _ => Again());

        Assert.Equal("a", Shown);
    }

    private string Shown => string.Join(", ", list.Rows!.Select(row => row.Text));

    private static Task<PageOf<Row>> Page(params Row[] rows) => Task.FromResult(new PageOf<Row>(rows, HasOlder: false));

    private static Task<List<Row>> Again(params Row[] rows) => Task.FromResult(rows.ToList());

    private sealed record Row(int Id, string Text);
}
