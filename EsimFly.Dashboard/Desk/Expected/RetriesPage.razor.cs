using EsimFly.Dashboard.Live;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Expected;

public sealed partial class RetriesPage
{
    private IReadOnlyList<RetryRow> rows = [];

    // It changes by time alone: what was expected does not come.
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(5);

    protected override TimeSpan FollowEvery => TimeSpan.FromMilliseconds(500);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Rejected, Topic.Delivery);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var all = await Queries.ReadAsync(Who, Clock.NowMs, cancellationToken);
        rows = [.. all.Where(row => Viewing.IsTest is null || row.IsTest == Viewing.IsTest)];
    }

    private IEnumerable<(string Title, string Note, List<RetryRow> Rows)> Groups() =>
        new (string, string, List<RetryRow>)[]
        {
            (
                "Given up",
                "lost unless eSIMfly sends them by hand: ask it to, or look its orders up there",
                [.. rows.Where(row => row.IsAtRisk && row.Story.State == RetryState.GivenUp)]
            ),
            ("Still expected", "not here yet", [.. rows.Where(row => row.IsAtRisk && row.Story.State != RetryState.GivenUp)]),
            ("Came in the end", "kept, none lost", [.. rows.Where(row => row.IsVerified && !row.IsAtRisk)]),
            (
                "Not verified",
                "signed with no secret that is known here: noise, or eSIMfly's if a secret is missing under Settings",
                [.. rows.Where(row => !row.IsVerified)]
            ),
        }.Where(group => group.Item3.Count > 0);
}
