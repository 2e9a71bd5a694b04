using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Cases;

public sealed partial class CasePanel
{
    private const string Nobody = "-";
    private const int Morning = 9;

    private CaseFile file = CaseFile.Empty;
    private IReadOnlyList<Colleague> colleagues = [];
    private IReadOnlyList<string> others = [];
    private IDisposable? visit;
    private CaseSubject? visited;
    private bool isOwn;
    private string text = "";

    /// <summary>What a case is about.</summary>
    [Parameter, EditorRequired]
    public CaseSubject Subject { get; set; } = default!;

    /// <summary>Whether it stands within something else, without a frame of its own.</summary>
    [Parameter]
    public bool IsBare { get; set; }

    [Inject]
    private CaseActions Cases { get; set; } = default!;

    [Inject]
    private Watchers Watchers { get; set; } = default!;

    private protected override object LoadKey => (Subject, IsBare);

    private bool HasQuestions => Subject.Kind != CaseKind.Incident;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Case);
    }

    private protected override bool Concerns(ChangeSet changes) => changes.Concerns(Topic.Case, Subject.ChangeKey);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (!IsBare && visited != Subject)
        {
            visit?.Dispose();
            visited = Subject;
            visit = Watchers.Enter(Subject, Who.FindFirstValue(AccountClaims.DisplayName) ?? Who.Identity?.Name ?? "");
        }

        others = IsBare ? [] : Watchers.Others(Subject, visit);
        file = await Cases.ReadAsync(Who, Subject, cancellationToken);
        isOwn = string.Equals(file.OwnerId, Who.FindFirstValue(ClaimTypes.NameIdentifier), StringComparison.Ordinal);
        if (!IsFollowing)
        {
            colleagues = await Cases.ColleaguesAsync(Who, cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        visit?.Dispose();
        base.Dispose(disposing);
    }

    private Task<bool> TakeAsync() => TryAsync(who => Cases.TakeAsync(who, Subject, CancellationToken.None));

    private Task HandOverAsync(string? accountId) =>
        string.IsNullOrEmpty(accountId)
            ? Task.CompletedTask
            : TryAsync(who => Cases.SetOwnerAsync(who, Subject, accountId is Nobody ? null : accountId, CancellationToken.None));

    private Task FollowUpAsync(string? when)
    {
        if (string.IsNullOrEmpty(when))
        {
            return Task.CompletedTask;
        }

        var tomorrow = DateOnly.FromDateTime(Clock.LocalTime(Clock.NowMs)).AddDays(1);
        long? atMs = when switch
        {
            Nobody => null,
            "tomorrow" => Clock.DayStartMs(tomorrow) + (long)TimeSpan.FromHours(Morning).TotalMilliseconds,
            _ => Clock.NowMs + (long)TimeSpan.FromMinutes(int.Parse(when, CultureInfo.InvariantCulture)).TotalMilliseconds,
        };
        return TryAsync(who => Cases.SetFollowUpAsync(who, Subject, atMs, CancellationToken.None));
    }

    private Task<bool> AnswerAsync((string Code, bool? Answer) given) =>
        TryAsync(who => Cases.AnswerAsync(who, Subject, given.Code, given.Answer, CancellationToken.None));

    private async Task AddAsync()
    {
        var written = text;
        if (!string.IsNullOrWhiteSpace(written) && await TryAsync(who => Cases.AddNoteAsync(who, Subject, written, CancellationToken.None)))
        {
            text = "";
        }
    }
}
