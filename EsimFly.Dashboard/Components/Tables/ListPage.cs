using System.Globalization;
using EsimFly.Dashboard.Components.Viewer;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace EsimFly.Dashboard.Components.Tables;

/// <summary>A page that lists rows by key, with its search, filters and order in the address.</summary>
public abstract class ListPage : LiveComponent
{
    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    /// <summary>How it is sorted: <c>oldest</c>, <c>latest</c>, a column of the page's own, or empty for its own way.</summary>
    [SupplyParameterFromQuery]
    public string? Sort { get; set; }

    /// <summary>Which page: see <see cref="PageTrail"/>.</summary>
    [SupplyParameterFromQuery]
    public string? After { get; set; }

    /// <summary>The days by their name: see <see cref="DayRange.Presets"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Range { get; set; }

    /// <summary>The first day, yyyy-MM-dd in the viewer's zone.</summary>
    [SupplyParameterFromQuery]
    public string? From { get; set; }

    /// <summary>The last day, yyyy-MM-dd in the viewer's zone.</summary>
    [SupplyParameterFromQuery]
    public string? To { get; set; }

    /// <summary>The days that the list is limited to.</summary>
    protected DayRange Days => DayRange.Of(Clock, Range, From, To);

    /// <summary>Whether a page comes before this one.</summary>
    protected bool HasNewer => !string.IsNullOrEmpty(After);

    /// <summary>Whether the viewer's pointer is on the rows, which must not move then.</summary>
    protected bool IsHeld { get; private set; }

    /// <summary>Whether the oldest come first.</summary>
    protected bool IsOldestFirst => BeginsWithOldest ? Sort is not "latest" : Sort is "oldest";

    /// <summary>Whether the oldest come first unless asked otherwise: where waiting is the point.</summary>
    protected virtual bool BeginsWithOldest => false;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private protected override bool ChoicesChanged()
    {
        if (!HasNewer)
        {
            return false;
        }

        Filter("after", null); // another list begins with its first page
        return true;
    }

    /// <summary>Goes on to the next page, a step in the browser's history.</summary>
    /// <param name="place">The place of the last row that is shown.</param>
    protected void Older(string place) => Go(PageTrail.Further(After, place));

    /// <summary>Goes back one page.</summary>
    protected void Newer() => Go(PageTrail.Back(After));

    private static string Plain(string part) =>
        string.Concat(part.Select(static letter => char.IsLetterOrDigit(letter) || letter is '.' ? letter : '-')).Trim('-');

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

    /// <summary>The address of a file with the rows of the list.</summary>
    /// <param name="path">The endpoint's path.</param>
    /// <param name="filters">The list's own filters.</param>
    private protected string ExportAddress(string path, params IEnumerable<(string Name, string? Value)> filters)
    {
        var all = filters.ToDictionary(static filter => filter.Name, static filter => filter.Value, StringComparer.Ordinal);
        (all["q"], all["tests"]) = (Search, Viewing.TestsInAddress);
        (all["since_ms"], all["until_ms"]) = (Text(Days.SinceMs), Text(Days.UntilMs));
        return QueryHelpers.AddQueryString(path, all.Where(static pair => !string.IsNullOrEmpty(pair.Value)));

        static string? Text(long? ms) => ms?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The address of a file with the rows that are ticked.</summary>
    private protected static string ExportAddressOf(string path, IEnumerable<string> keys) =>
        QueryHelpers.AddQueryString(path, keys.Select(static key => KeyValuePair.Create("only", (string?)key)));

    /// <summary>What a file with the rows of the list is called: after the list and its filters.</summary>
    protected string FileNameOf(string list, params IEnumerable<string?> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        var parts = new[] { list }.Concat(filters).Append(Search).Append(Range is null or "days" ? From : Range).Append(To);
        return string.Join('-', parts.Select(static part => Plain(part ?? "")).Where(static part => part.Length > 0)) + ".csv";
    }

    /// <summary>What the tab says: the list, and which of its rows.</summary>
    protected static string TitleOf(string list, IEnumerable<(string Value, string Word)> choices, string? chosen)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return choices.FirstOrDefault(choice => string.Equals(choice.Value, chosen, StringComparison.Ordinal)).Word is { } word
            ? $"{list} · {word}"
            : list;
    }

    /// <summary>Sorts the other way round.</summary>
    protected void TurnSort() =>
        Filter(
            "sort",
            (IsOldestFirst, BeginsWithOldest) switch
            {
                (true, true) => "latest",
                (false, false) => "oldest",
                _ => null,
            }
        );

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
