using Bunit;
using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Interop;
using MudBlazor.Services;

namespace EsimFly.Dashboard.Tests.Components;

/// <summary>What each shared component does, without an application behind it.</summary>
public sealed class ComponentTests : IAsyncDisposable
{
    private static readonly string[] PackageAlone = ["package"];

    private readonly BunitContext context = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(Rows.NowMs));

    public ComponentTests()
    {
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.JSInterop.Setup<ElementSize>("mudObserveElementSize", _ => true).SetResult(new ElementSize { Width = 600, Height = 140 });
        context.JSInterop.Setup<ElementSize>("mudGetSvgBBox", _ => true).SetResult(new ElementSize { Width = 20, Height = 12 });
        context.Services.AddMudServices();
        context.Services.AddSingleton<TimeProvider>(time);
        context.Services.AddScoped<ViewerClock>();
        context.Services.AddOptions<WholesaleOptions>();
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    [Fact]
    public void VerdictCard_SaysWhatNextAndWhatItRestsOn()
    {
        var basis = Rows.Event(EventType.EsimExpired, 120);

        var card = context.Render<VerdictCard>(parameters =>
            parameters.Add(
                item => item.Verdict,
                new Verdict(VerdictTone.Bad, "Its plan expired.", "Sell a new one.", basis)
                {
                    Also = ["It is switched off."],
                    Missing = "nothing came since",
                }
            )
        );

        Assert.Equal(
            ["Its plan expired.", "Sell a new one.", "It is switched off.", "Based on esim.expired 2 h ago; nothing came since."],
            card.FindAll("p")
                .Select(line => line.TextContent.Trim().ReplaceLineEndings(" ").Replace("    ", "", StringComparison.Ordinal))
                .Select(Squeeze),
            StringComparer.Ordinal
        );
        Assert.Equal($"/deliveries/{basis.DeliverySeq}", card.Find("a").GetAttribute("href"));
        Assert.Contains("bad", card.Find("section").ClassList, StringComparer.Ordinal);
    }

    [Fact]
    public void ElapsedTime_RunsByTheSecond_AndTurnsAmberThenRed()
    {
        var clock = context.Render<ElapsedTime>(parameters =>
            parameters.Add(item => item.SinceMs, Rows.NowMs - 298_000).Add(item => item.AmberMinutes, 5).Add(item => item.RedMinutes, 10)
        );
        Assert.Equal("4 min 58 s", clock.Find("time").TextContent);

        time.Advance(TimeSpan.FromSeconds(1));
        clock.WaitForAssertion(() => Assert.Equal("4 min 59 s", clock.Find("time").TextContent));
        time.Advance(TimeSpan.FromSeconds(1));
        clock.WaitForAssertion(() => Assert.Contains("level-amber", clock.Find("time").ClassList, StringComparer.Ordinal));
        time.Advance(TimeSpan.FromMinutes(5));
        clock.WaitForAssertion(() => Assert.Contains("level-red", clock.Find("time").ClassList, StringComparer.Ordinal));
    }

    [Fact]
    public void ExpiryTime_PastItsEnd_EndsNow_ThenIsDue()
    {
        var expiry = context.Render<ExpiryTime>(parameters =>
            parameters.Add(item => item.Plan, PlanStatus.Active).Add(item => item.AtMs, Rows.NowMs - 298_000)
        );
        Assert.Equal("ends now", expiry.Find("span").TextContent);

        time.Advance(TimeSpan.FromSeconds(5));
        expiry.WaitForAssertion(() => Assert.Equal("due since 5 min 03 s", expiry.Find("span").TextContent));
    }

    [Fact]
    public void RelativeTime_HasLocalAndUtcOnHover()
    {
        context.Services.GetRequiredService<ViewerClock>().SetZone("Europe/Berlin");

        var shown = context.Render<RelativeTime>(parameters => parameters.Add(item => item.AtMs, Rows.InHours(-3))).Find("time");

        Assert.Equal("3 h ago", shown.TextContent);
        Assert.Equal("24 Nov 2026, 10:00:00 (Europe/Berlin) · 2026-11-24 09:00:00Z", shown.GetAttribute("title"));
        Assert.Equal(
            "never",
            context.Render<RelativeTime>(parameters => parameters.Add(item => item.Missing, "never")).Find("span").TextContent
        );
    }

    [Fact]
    public void Timeline_LeadsToDeliveries_SaysWhatCameLate_AndHighlightsWhatIsNew()
    {
        var late = Rows.Event(EventType.EsimActivated, 60) with { ReceivedAtMs = Rows.NowMs };
        var line = context.Render<Timeline>(parameters =>
            parameters
                .Add(item => item.Rows, [late, Rows.Event(EventType.OrderCompleted, 90)])
                .Add(item => item.FreshSinceMs, Rows.NowMs - 1000)
        );

        var items = line.FindAll("li");
        Assert.Contains("fresh", items[0].ClassList, StringComparer.Ordinal);
        Assert.Contains("received 1 h 00 min later", items[0].TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("fresh", items[1].ClassList, StringComparer.Ordinal);
        Assert.Equal($"/deliveries/{late.DeliverySeq}", items[0].QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void JsonView_ColoursFindsAndCopies()
    {
        var view = context.Render<JsonView>(parameters =>
            parameters.Add(item => item.Json, """{"iccid":"89","n":1}""").Add(item => item.Label, "the body")
        );
        Assert.Equal(["\"iccid\"", "\"n\""], view.FindAll(".key").Select(key => key.TextContent), StringComparer.Ordinal);

        view.Find("input").Input("ICC");
        Assert.Equal("icc", view.Find("mark").TextContent);
        Assert.Equal("found once", view.Find("[role=status]").TextContent);
        view.Find("input").Input("absent");
        Assert.Equal("not found", view.Find("[role=status]").TextContent);

        view.Find("button").Click();
        Assert.Equal("{\n  \"iccid\": \"89\",\n  \"n\": 1\n}", context.JSInterop.VerifyInvoke("desk.copy").Arguments[0]);
    }

    [Fact]
    public void DataTable_ShowsChosenColumns_AndRemembersTheChoice()
    {
        context.JSInterop.Setup<string[]>("desk.read", "columns.things").SetResult(PackageAlone);
        var table = Table();
        table.WaitForAssertion(() =>
            Assert.Equal(["Name", "Package"], table.FindAll("th").Select(cell => cell.TextContent.Trim()), StringComparer.Ordinal)
        );

        table.FindAll(".columns-menu input")[1].Change(true);

        Assert.Equal(["Name", "Package", "Code"], table.FindAll("th").Select(cell => cell.TextContent.Trim()), StringComparer.Ordinal);
        Assert.Equal(["package", "code"], (string[])context.JSInterop.VerifyInvoke("desk.write").Arguments[1]!, StringComparer.Ordinal);
    }

    [Fact]
    public void DataTable_UnderThePointer_HoldsAndSaysWhatIsNew()
    {
        var held = new List<bool>();
        var taken = 0;
        var table = Table(parameters =>
            parameters.Add(item => item.NewCount, 50).Add(item => item.OnHold, held.Add).Add(item => item.OnTakeNew, () => taken++)
        );

        table.Find(".rows").TriggerEvent("onpointerenter", new PointerEventArgs());
        Assert.Equal("50+ new", table.Find("[data-testid=new-pill]").TextContent);
        table.Find("[data-testid=new-pill]").Click();

        Assert.Equal(1, taken);
        Assert.Equal([true], held); // the pointer is still there
    }

    [Fact]
    public void DataTable_UnderAFinger_HoldsAfterItIsLifted_UntilWhatIsNewIsAskedFor()
    {
        var held = new List<bool>();
        var table = Table(parameters => parameters.Add(item => item.OnHold, held.Add).Add(item => item.NewCount, 2));

        table.Find(".rows").TriggerEvent("onpointerenter", new PointerEventArgs { PointerType = "touch" });
        table.Find(".rows").TriggerEvent("onpointerleave", new PointerEventArgs { PointerType = "touch" });
        Assert.Equal([true], held);

        table.Find("[data-testid=new-pill]").Click();
        Assert.Equal([true, false], held);
    }

    [Fact]
    public void DataTable_ByKeyboard_HoldsToo_UntilBothHaveLeft()
    {
        var held = new List<bool>();
        var table = Table(parameters => parameters.Add(item => item.OnHold, held.Add));

        table.Find(".rows").TriggerEvent("onfocusin", new FocusEventArgs());
        table.Find(".rows").TriggerEvent("onpointerenter", new PointerEventArgs());
        table.Find(".rows").TriggerEvent("onpointerleave", new PointerEventArgs());
        table.Find(".rows").TriggerEvent("onfocusout", new FocusEventArgs());

        Assert.Equal([true, true, true, false], held);
    }

    [Fact]
    public void DataTable_WhatComesAgain_IsHighlightedAgain_AndWhatWasThereIsNot()
    {
        var receivedAtMs = 100L;
        var table = Table(parameters => parameters.Add(item => item.FreshSinceMs, 150).Add(item => item.ReceivedAtMs, _ => receivedAtMs));
        Assert.Equal("", table.Find("tbody tr").ClassName ?? "");

        var classes = new List<string?>();
        foreach (var at in new[] { 200, 200, 300 })
        {
            receivedAtMs = at;
            table.Render();
            classes.Add(table.Find("tbody tr").ClassName);
        }

        Assert.Equal(classes[0], classes[1]);
        Assert.NotEqual(classes[1], classes[2], StringComparer.Ordinal); // another class, so that the browser runs it once more
        Assert.All(classes, name => Assert.StartsWith("fresh", name, StringComparison.Ordinal));
    }

    [Fact]
    public void DataTable_Sorts_AndSaysHow()
    {
        var isTurned = false;
        var table = Table(parameters =>
            parameters.Add(item => item.IsOldestFirst, value: true).Add(item => item.OnSort, () => isTurned = true)
        );

        Assert.Equal("ascending", table.Find("th[aria-sort]").GetAttribute("aria-sort"));
        table.Find("th[aria-sort] button").Click();

        Assert.True(isTurned);
    }

    [Fact]
    public async Task ExportButton_ShowsProgress_AndCanBeCancelled()
    {
        var done = context.JSInterop.Setup<string?>("desk.exportFile", _ => true);
        var button = context.Render<ExportButton>(parameters =>
            parameters.Add(item => item.Href, "/orders.csv?show=failed").Add(item => item.FileName, "orders.csv")
        );

        var exporting = button.Find("[data-testid=export]").ClickAsync();
        button.WaitForAssertion(() => Assert.Contains("Preparing…", button.Markup, StringComparison.Ordinal));
        await button.InvokeAsync(() => button.Instance.ShowProgress(1200, 4800));
        Assert.Contains("1,200 of 4,800 rows", button.Markup, StringComparison.Ordinal);
        await button.Find("[data-testid=cancel-export]").ClickAsync();
        context.JSInterop.VerifyInvoke("desk.cancelExport");
        done.SetResult("cancelled");
        await exporting;

        Assert.NotNull(button.Find("[data-testid=export]"));
        Assert.Contains(
            "no file was made",
            context.Services.GetRequiredService<ISnackbar>().ShownSnackbars.Single().Message,
            StringComparison.Ordinal
        );
        Assert.Equal("/orders.csv?show=failed", context.JSInterop.VerifyInvoke("desk.exportFile").Arguments[1]);
    }

    [Fact]
    public async Task CopyButton_MakesTheTextWhenAsked()
    {
        var made = 0;
        var button = context.Render<CopyButton>(parameters =>
            parameters.Add(item => item.Text, "Copy").Add(item => item.Make, () => Task.FromResult<string?>($"made {++made}"))
        );
        Assert.Equal(0, made);

        await button.Find("button").ClickAsync();

        Assert.Equal("made 1", context.JSInterop.VerifyInvoke("desk.copy").Arguments[0]);
    }

    [Fact]
    public void Picker_PicksAndUnpicks_AndKeepsWhatTheAddressSays()
    {
        var picked = new List<string?>();
        var picker = context.Render<Picker>(parameters =>
            parameters
                .Add(item => item.Label, "Error")
                .Add(item => item.Any, "Any error")
                .Add(item => item.Options, ["A", "B"])
                .Add(item => item.Value, "GONE")
                .Add(item => item.ValueChanged, picked.Add)
        );
        Assert.Equal(
            ["Any error", "A", "B", "GONE"],
            picker.FindAll("option").Select(option => option.TextContent),
            StringComparer.Ordinal
        );

        picker.Find("select").Change("B");
        picker.Find("select").Change("");

        Assert.Equal(["B", ""], picked, StringComparer.Ordinal);
    }

    [Fact]
    public void FilterBar_TellsWhichIsChosen()
    {
        string? chosen = "unset";
        var bar = context.Render<FilterBar>(parameters =>
            parameters
                .Add(item => item.SearchLabel, "Order")
                .Add(item => item.Choice, "b")
                .Add(item => item.Choices, [("a", "Apples"), ("b", "Pears")])
                .Add(item => item.ChoiceChanged, value => chosen = value)
        );
        Assert.Equal("Pears", bar.Find("[aria-pressed=true]").TextContent);

        bar.FindAll("button.choice")[0].Click();

        Assert.Null(chosen);
    }

    [Fact]
    public void Pager_GoesWhereItCan()
    {
        var isOlder = false;
        var pager = context.Render<Pager>(parameters =>
            parameters
                .Add(item => item.HasOlder, value: true)
                .Add(item => item.OnOlder, () => isOlder = true)
                .Add(item => item.ReadTime, TimeSpan.FromMilliseconds(12.4))
        );

        Assert.True(pager.FindAll("button")[0].HasAttribute("disabled"));
        pager.FindAll("button")[1].Click();

        Assert.True(isOlder);
        Assert.Equal("read in 12 ms", pager.Find("[data-read-ms]").TextContent.Trim());
    }

    [Fact]
    public async Task ConfirmButton_DoesNothingBeforeYes()
    {
        var done = 0;
        var button = context.Render<ConfirmButton>(parameters =>
            parameters.Add(item => item.Text, "Retire").Add(item => item.Question, "Sure?").Add(item => item.OnConfirm, () => done++)
        );

        await button.Find("button").ClickAsync();
        await button.FindAll("button")[1].ClickAsync();
        Assert.Equal(0, done);
        await button.Find("button").ClickAsync();
        await button.FindAll("button")[0].ClickAsync();

        Assert.Equal(1, done);
    }

    [Fact]
    public void AlertItem_NewsCanBeAcknowledged_BySupportAlone_AndWhatIsSeenCannot()
    {
        var session = context.AddAuthorization();
        session.SetAuthorized("viewer").SetPolicies("Viewer");
        var news = Alert();
        Assert.Empty(context.Render<AlertItem>(parameters => parameters.Add(item => item.Alert, news)).FindAll("button"));

        session.SetPolicies("Viewer", "Support");
        var isAcknowledged = false;
        var item = context.Render<AlertItem>(parameters =>
            parameters.Add(shown => shown.Alert, news).Add(shown => shown.OnAcknowledge, () => isAcknowledged = true)
        );
        Assert.Equal("/orders/ORD-1", item.Find("a").GetAttribute("href"));
        item.Find("button").Click();
        Assert.True(isAcknowledged);

        Assert.Empty(
            context
                .Render<AlertItem>(parameters =>
                    parameters.Add(shown => shown.Alert, news with { AcknowledgedAtMs = Rows.NowMs, AcknowledgedBy = "ada@example.com" })
                )
                .FindAll("button")
        );
    }

    [Fact]
    public void AlertWords_EachKind_HasATitleASentenceAndAWay()
    {
        foreach (var kind in Enum.GetValues<AlertKind>())
        {
            var alert = Alert(kind);

            Assert.NotEmpty(AlertWords.Title(alert, "USD"));
            Assert.StartsWith("/", AlertWords.Href(alert), StringComparison.Ordinal);
            Assert.True(
                kind == AlertKind.StuckOrder || AlertWords.Detail(alert, "USD") is [.., '.' or '?'],
                $"{kind}: {AlertWords.Detail(alert, "USD")}"
            );
        }
    }

    [Fact]
    public void RateChart_DrawsABarASlot_AndSaysItInWords()
    {
        var chart = context.Render<RateChart>(parameters =>
            parameters
                .Add(item => item.Values, [1, 0, 7])
                .Add(item => item.LabelOf, index => $"s{index}")
                .Add(item => item.Summary, "8 in all")
        );

        chart.WaitForAssertion(() => Assert.Equal(3, chart.FindAll("path.mud-chart-bar").Count));
        Assert.Equal("8 in all", chart.Find("[role=img]").GetAttribute("aria-label"));
    }

    private static string Squeeze(string text) =>
        string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Replace(" ;", ";", StringComparison.Ordinal);

    private static AlertRow Alert(AlertKind kind = AlertKind.FailedOrder) =>
        new(
            1,
            kind,
            "ORD-1",
            AlertLevel.Error,
            1,
            new AlertFacts
            {
                Count = 2,
                ErrorCode = "PROVIDER_ERROR",
                Balance = 1,
                Threshold = 2,
                SinceMs = Rows.NowMs,
            }.ToJson(),
            Rows.NowMs,
            null,
            null,
            null
        );

    private IRenderedComponent<DataTable<string>> Table(Action<ComponentParameterCollectionBuilder<DataTable<string>>>? more = null)
    {
        RenderFragment<string> cell = row => builder => builder.AddContent(0, row);
        return context.Render<DataTable<string>>(parameters =>
        {
            parameters
                .Add(item => item.Name, "things")
                .Add(item => item.Rows, ["one"])
                .Add(item => item.KeyOf, row => row)
                .Add(
                    item => item.Columns,
                    [
                        new("name", "Name", cell) { IsFixed = true, IsSorted = true },
                        new("package", "Package", cell),
                        new("code", "Code", cell) { IsHiddenAtFirst = true },
                    ]
                );
            more?.Invoke(parameters);
        });
    }
}
