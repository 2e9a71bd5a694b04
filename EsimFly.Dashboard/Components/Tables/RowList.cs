namespace EsimFly.Dashboard.Components.Tables;

/// <summary>The rows of the page of a list that is shown; the address says which page: see <see cref="PageTrail"/>.</summary>
/// <typeparam name="TRow">A row; its key is read from it.</typeparam>
/// <param name="keyOf">What a row is known by.</param>
internal sealed class RowList<TRow>(Func<TRow, object> keyOf)
    where TRow : class
{
    /// <summary>How many rows a page shows.</summary>
    public const int PageSize = 50;

    /// <summary>The rows that are shown; null before the first load.</summary>
    public IReadOnlyList<TRow>? Rows { get; private set; }

    /// <summary>Whether a page follows this one.</summary>
    public bool HasOlder { get; private set; }

    /// <summary>How many rows have come since and wait to be shown; <see cref="PageSize"/> may mean more.</summary>
    public int NewCount { get; private set; }

    /// <summary>Reads the page where the viewer stands.</summary>
    public async Task LoadAsync(Func<Task<PageOf<TRow>>> read)
    {
        var page = await read();
        (Rows, HasOlder, NewCount) = (page.Rows, page.HasOlder, 0);
    }

    /// <summary>
    /// Brings the rows that are shown up to date where they stand, and counts those that would come in: for a viewer whose
    /// pointer is on the table, under which nothing may move.
    /// </summary>
    /// <param name="read">Reads the page.</param>
    /// <param name="readAgain">Reads given rows as they are now.</param>
    public async Task HoldAsync(Func<Task<PageOf<TRow>>> read, Func<IReadOnlyList<TRow>, Task<List<TRow>>> readAgain)
    {
        if (Rows is not { Count: > 0 } shown)
        {
            await LoadAsync(read);
            return;
        }

        var page = await read();
        var now = (await readAgain(shown)).ToDictionary(keyOf);
        var known = shown.Select(keyOf).ToHashSet();
        Rows = [.. shown.Select(row => now.GetValueOrDefault(keyOf(row), row))];
        var lastKnown = page.Rows.ToList().FindLastIndex(row => known.Contains(keyOf(row)));
        NewCount = page.Rows.Take(lastKnown + 1).Count(row => !known.Contains(keyOf(row))); // what slides in from below is not new
    }
}
