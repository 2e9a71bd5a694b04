namespace EsimFly.Dashboard.Components;

/// <summary>The rows of a list that is paged by key, and the way back through its pages.</summary>
/// <typeparam name="TRow">A row; its key is read from it.</typeparam>
internal sealed class RowList<TRow>
    where TRow : class
{
    /// <summary>How many rows a page shows.</summary>
    public const int PageSize = 50;

    private readonly Stack<TRow> trail = new();

    /// <summary>The rows that are shown; null before the first load.</summary>
    public IReadOnlyList<TRow>? Rows { get; private set; }

    /// <summary>Whether a page follows this one.</summary>
    public bool HasOlder { get; private set; }

    /// <summary>Whether a page comes before this one.</summary>
    public bool HasNewer => trail.Count > 0;

    /// <summary>Reads the page where the viewer stands.</summary>
    public async Task LoadAsync(Func<TRow?, Task<PageOf<TRow>>> readAfter)
    {
        var page = await readAfter(trail.TryPeek(out var after) ? after : null);
        (Rows, HasOlder) = (page.Rows, page.HasOlder);
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
