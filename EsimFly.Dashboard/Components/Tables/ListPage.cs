using EsimFly.Dashboard.Components.Viewer;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Components.Tables;

/// <summary>A page that lists rows by key, with its search, filters and order in the address.</summary>
public abstract class ListPage : LiveComponent
{
    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    /// <summary>How it is sorted: empty for the latest first, <c>oldest</c> for the oldest.</summary>
    [SupplyParameterFromQuery]
    public string? Sort { get; set; }

    /// <summary>Whether the viewer's pointer is on the rows, which must not move then.</summary>
    protected bool IsHeld { get; private set; }

    /// <summary>Whether the oldest come first.</summary>
    protected bool IsOldestFirst => string.Equals(Sort, "oldest", StringComparison.Ordinal);

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private protected override void ChoicesChanged() => ResetPages();

    /// <summary>Moves within the pages and loads the one arrived at.</summary>
    protected Task TurnAsync(Action turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        turn();
        return ReloadAsync();
    }

    /// <summary>Puts a filter into the address, from which it is read again.</summary>
    protected void Filter(string name, string? value) => Filter(new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = value });

    /// <summary>Puts several into the address.</summary>
    protected void Filter(IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ResetPages();
        IsHeld = false; // the rows that were held are gone
        var cleaned = values.ToDictionary(
            pair => pair.Key,
            pair => pair.Value is string text ? (string.IsNullOrWhiteSpace(text) ? null : text.Trim()) : pair.Value,
            StringComparer.Ordinal
        );
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(cleaned), replace: true);
    }

    /// <summary>Sorts the other way round.</summary>
    protected void TurnSort() => Filter("sort", IsOldestFirst ? null : "oldest");

    /// <summary>Holds the rows still, or lets those in that waited.</summary>
    protected Task HoldAsync(bool isHeld)
    {
        if (IsHeld == isHeld)
        {
            return Task.CompletedTask;
        }

        IsHeld = isHeld;
        return isHeld ? Task.CompletedTask : ReloadAsync();
    }

    /// <summary>Goes back to the first page.</summary>
    protected abstract void ResetPages();
}
