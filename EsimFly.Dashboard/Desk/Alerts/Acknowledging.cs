using System.Security.Claims;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>Acknowledges alerts from any page, and offers to take that back.</summary>
internal static class Acknowledging
{
    private const int UndoForMs = 12_000;

    /// <summary>Acknowledges them.</summary>
    public static async Task AcknowledgeAsync(
        this AlertActions alerts,
        ISnackbar snackbar,
        ClaimsPrincipal who,
        IReadOnlyCollection<long> ids
    )
    {
        var count = await alerts.AcknowledgeAsync(who, ids, CancellationToken.None);
        if (count > 0)
        {
            snackbar.Add(
                count == 1 ? "Acknowledged." : $"Acknowledged {count}.",
                Severity.Normal,
                options =>
                {
                    options.Action = "Undo";
                    options.VisibleStateDuration = UndoForMs;
                    options.OnClick = _ => alerts.ReopenAsync(who, ids, CancellationToken.None);
                }
            );
        }
    }
}
