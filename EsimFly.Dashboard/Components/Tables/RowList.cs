namespace EsimFly.Dashboard.Components.Tables;

/// <summary>The rows of a list that is paged by key, and the way back through its pages.</summary>
/// <typeparam name="TRow">A row; its key is read from it.</typeparam>
/// <param name="keyOf">What a row is known by.</param>
internal sealed class RowList<TRow>(Func<TRow, object> keyOf)
    where TRow : class
{
    /// <summary>How many rows a page shows.</summary>
    public const int PageSize = 50;

    private readonly Stack<TRow> trail = new();

    /// <summary>The rows that are shown; null before the first load.</summary>
    public IReadOnlyList<TRow>? Rows { get; private set; }

    /// <summary>Whether a page follows this one.</summary>
    public bool HasOlder { get; private set; }

    /// <summary>How many rows have come since and wait to be shown; <see cref="PageSize"/> may mean more.</summary>
    public int NewCount { get; private set; }

    /// <summary>Whether a page comes before this one.</summary>
    public bool HasNewer => trail.Count > 0;

    /// <summary>Reads the page where the viewer stands.</summary>
    public async Task LoadAsync(Func<TRow?, Task<PageOf<TRow>>> readAfter)
    {
        var page = await readAfter(trail.TryPeek(out var after) ? after : null);
        (Rows, HasOlder, NewCount) = (page.Rows, page.HasOlder, 0);
    }

    /// <summary>
    /// Brings the rows that are shown up to date where they stand, and counts those that would come in: for a viewer whose
    /// pointer is on the table, under which nothing may move.
    /// </summary>
    /// <param name="readAfter">Reads a page.</param>
    /// <param name="readAgain">Reads given rows as they are now.</param>
    public async Task HoldAsync(Func<TRow?, Task<PageOf<TRow>>> readAfter, Func<IReadOnlyList<TRow>, Task<List<TRow>>> readAgain)
    {
        if (Rows is not { Count: > 0 } shown)
        {
            await LoadAsync(readAfter);
            return;
        }

        var page = await readAfter(trail.TryPeek(out var after) ? after : null);
        var now = (await readAgain(shown)).ToDictionary(keyOf);
        var known = shown.Select(keyOf).ToHashSet();
        Rows = [.. shown.Select(row => now.GetValueOrDefault(keyOf(row), row))];
        var lastKnown = page.Rows.ToList().FindLastIndex(row => known.Contains(keyOf(row)));
        NewCount = page.Rows.Take(lastKnown + 1).Count(row => !known.Contains(keyOf(row))); // what slides in from below is not new
    }

    /// <summary>Goes on to the next page.</summary>
    public void Older()
    {
        if (Rows is [.., var last])
        {
            trail.Push(last);
        }
    }

    /// <summary>Goes back one page.</summary>
    public void Newer() => trail.TryPop(out _);

    /// <summary>Goes back to the first page.</summary>
    public void Reset() => trail.Clear();
}
