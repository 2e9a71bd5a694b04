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

    /// <summary>Which page: see <see cref="PageTrail"/>.</summary>
    [SupplyParameterFromQuery]
    public string? After { get; set; }

    /// <summary>Whether a page comes before this one.</summary>
    protected bool HasNewer => !string.IsNullOrEmpty(After);

    /// <summary>Whether the viewer's pointer is on the rows, which must not move then.</summary>
    protected bool IsHeld { get; private set; }

    /// <summary>Whether the oldest come first.</summary>
    protected bool IsOldestFirst => string.Equals(Sort, "oldest", StringComparison.Ordinal);

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private protected override void ChoicesChanged()
    {
        if (HasNewer)
        {
            Filter("after", null); // another list begins with its first page
        }
    }

    /// <summary>Goes on to the next page, a step in the browser's history.</summary>
    /// <param name="place">The place of the last row that is shown.</param>
    protected void Older(string place) => Go(PageTrail.Further(After, place));

    /// <summary>Goes back one page.</summary>
    protected void Newer() => Go(PageTrail.Back(After));

    private void Go(string? trail)
    {
        IsHeld = false;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("after", trail));
    }

    /// <summary>Puts a filter into the address, from which it is read again.</summary>
    protected void Filter(string name, string? value) => Filter(new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = value });

    /// <summary>Puts several into the address.</summary>
    protected void Filter(IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        IsHeld = false; // the rows that were held are gone
        var cleaned = values.ToDictionary(
            pair => pair.Key,
            pair => pair.Value is string text ? (string.IsNullOrWhiteSpace(text) ? null : text.Trim()) : pair.Value,
            StringComparer.Ordinal
        );
        cleaned.TryAdd("after", null);
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
}
