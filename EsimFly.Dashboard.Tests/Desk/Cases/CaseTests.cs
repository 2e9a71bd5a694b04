using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Desk.Erasure;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Search;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Desk.Cases;

/// <summary>What people write down: notes, who owns what, follow-ups, first checks.</summary>
public class CaseTests : IAsyncLifetime
{
    private const string Iccid = "8901234567890123456";

    private static readonly CaseSubject Esim = new(CaseKind.Esim, Iccid);
    private static readonly CaseSubject Order = new(CaseKind.Order, "id:ORD-123456") { EarlierKey = "ref:REF-ABC-123" };

    private readonly DashboardApp app = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private CaseActions Cases => app.Get<CaseActions>();

    public async ValueTask InitializeAsync()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.SettleAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Note_IsKeptWithItsAuthor_Found_Exported_AndItsCodesAreMasked()
    {
        var who = await app.JoinAsync(AccountRole.Support);

        await Cases.AddNoteAsync(who, Esim, "  Calls back at five. Sent LPA:1$smdp.example.com$SECRET-CODE-1 by mail. ", Token);

        var note = Assert.Single((await Cases.ReadAsync(who, Esim, Token)).Notes);
        Assert.StartsWith("Calls back at five.", note.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET-CODE-1", note.Text, StringComparison.Ordinal);
        var found = Assert.Single(await app.Get<SearchQueries>().FindAsync(who, "back at FIVE", all: "Notes", Token));
        Assert.Contains(Iccid, Assert.Single(found.Hits).Href, StringComparison.Ordinal);
        using var client = await app.SignInAsync(AccountRole.Viewer);
        Assert.Contains("Calls back at five", await client.GetStringAsync("/esims.csv", Token), StringComparison.Ordinal);
        await using var log = app.OpenLog();
        Assert.True(await log.Audit.AnyAsync(row => row.Action == AuditActions.NoteAdded && row.Subject == $"eSIM {Iccid}", Token));
    }

    [Fact]
    public async Task Case_IsTaken_HandedOver_AndComesUpWhenItIsDue()
    {
        var vera = await app.JoinAsync(AccountRole.Support);
        var adam = await app.JoinAsync(AccountRole.Admin);
        var nowMs = app.Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();

        await Cases.TakeAsync(vera, Order, Token);
        Assert.Single(await Cases.ListAsync(vera, onlyOwn: true, dueBeforeMs: null, Token));
        var colleague = (await Cases.ColleaguesAsync(vera, Token)).Single(one =>
            one.Name.Contains("Admin", StringComparison.OrdinalIgnoreCase)
        );
        await Cases.SetOwnerAsync(vera, Order, colleague.Id, Token);
        await Cases.SetFollowUpAsync(vera, Order, nowMs + 60_000, Token);

        Assert.Empty(await Cases.ListAsync(vera, onlyOwn: true, dueBeforeMs: null, Token));
        Assert.Single(await Cases.ListAsync(adam, onlyOwn: true, dueBeforeMs: null, Token));
        Assert.Empty(await Cases.ListAsync(adam, onlyOwn: false, nowMs, Token));
        Assert.Equal("id:ORD-123456", Assert.Single(await Cases.ListAsync(adam, onlyOwn: false, nowMs + 61_000, Token)).Subject.Key);
        await Cases.SetOwnerAsync(vera, Order, accountId: null, Token);
        await Cases.SetFollowUpAsync(vera, Order, atMs: null, Token);
        Assert.Empty(await Cases.ListAsync(adam, onlyOwn: false, dueBeforeMs: null, Token));
    }

    [Fact]
    public async Task Case_BegunUnderTheReference_GoesOnUnderTheId()
    {
        var who = await app.JoinAsync(AccountRole.Support);
        var early = new CaseSubject(CaseKind.Order, "ref:REF-ABC-123");
        await Cases.TakeAsync(who, early, Token);
        await Cases.AddNoteAsync(who, early, "before its id came", Token);

        Assert.NotNull((await Cases.ReadAsync(who, Order, Token)).OwnerId);
        await Cases.AnswerAsync(who, Order, "wifi", answer: true, Token);

        var file = await Cases.ReadAsync(who, Order, Token);
        Assert.NotNull(file.OwnerId);
        Assert.True(file.Answers["wifi"]);
        Assert.Single(file.Notes);
    }

    [Fact]
    public async Task Answers_StandInTheEvidence_NotesDoNot()
    {
        var who = await app.JoinAsync(AccountRole.Support);
        await Cases.AnswerAsync(who, Esim, "roaming", answer: false, Token);
        await Cases.AnswerAsync(who, Esim, "wifi", answer: true, Token);
        await Cases.AnswerAsync(who, Esim, "wifi", answer: null, Token);
        await Cases.AddNoteAsync(who, Esim, "for us alone", Token);

        var evidence = await app.Get<EsimEvidence>().WriteAsync(who, Iccid, isTest: false, Token);

        Assert.Contains("Data roaming is on for this line: no", evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("Wi-Fi", evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("for us alone", evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watchers_AreNamed_UntilTheyLeave()
    {
        var watchers = app.Get<Watchers>();
        using var own = watchers.Enter(Esim, "Vera");
        using (watchers.Enter(Esim, "Adam"))
        {
            Assert.Equal(["Adam"], watchers.Others(Esim, own));
            Assert.Empty(watchers.Others(Esim with { IsTest = true }, own));
        }

        Assert.Empty(watchers.Others(Esim, own));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Erased_WithTheOrder_AreNotesOfItAndThoseThatNameIt()
    {
        var who = await app.JoinAsync(AccountRole.Admin);
        await Cases.AddNoteAsync(who, Esim, "of the eSIM", Token);
        await Cases.TakeAsync(who, Order, Token);
        await Cases.AddNoteAsync(who, new CaseSubject(CaseKind.Incident, "FailedOrder x"), "like ORD-123456", Token);
        await Cases.AddNoteAsync(who, new CaseSubject(CaseKind.Incident, "FailedOrder x"), "of another, ORD-1234567", Token);

        await app.Get<ErasureActions>().EraseAsync(who, isTest: false, "ORD-123456", iccid: null, Token);

        await using var log = app.OpenLog();
        Assert.Equal("of another, ORD-1234567", (await log.Notes.SingleAsync(Token)).Text);
        Assert.Empty(await log.Cases.Where(row => row.Kind != CaseKind.Incident).ToListAsync(Token));
    }
}
