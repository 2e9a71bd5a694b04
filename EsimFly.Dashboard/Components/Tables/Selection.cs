namespace EsimFly.Dashboard.Components.Tables;

/// <summary>The rows of a list that its viewer has ticked, over all of its pages.</summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="keyOf">What a row is known by.</param>
public sealed class Selection<TRow>(Func<TRow, object> keyOf)
{
    /// <summary>How many can be ticked: what is done with them is done one by one.</summary>
    public const int Most = 100;

    private readonly Dictionary<object, TRow> rows = [];

    /// <summary>The ticked rows, in the order in which they were.</summary>
    public IReadOnlyCollection<TRow> Rows => rows.Values;

    /// <summary>Whether no more can be ticked.</summary>
    public bool IsFull => rows.Count >= Most;

    /// <summary>Whether a row is ticked.</summary>
    public bool Has(TRow row) => rows.ContainsKey(keyOf(row));

    /// <summary>Ticks a row, as far as there is room, or takes the tick away.</summary>
    public void Set(TRow row, bool isTicked)
    {
        if (!isTicked)
        {
            rows.Remove(keyOf(row));
        }
        else if (!IsFull)
        {
            rows[keyOf(row)] = row;
        }
    }

    /// <summary>Takes all ticks away.</summary>
    public void Clear() => rows.Clear();
}
