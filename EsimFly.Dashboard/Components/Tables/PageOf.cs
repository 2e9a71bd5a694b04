namespace EsimFly.Dashboard.Components.Tables;

/// <summary>One page of a list that is paged by key.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="HasOlder">Whether more follow.</param>
internal sealed record PageOf<TRow>(IReadOnlyList<TRow> Rows, bool HasOlder)
{
    /// <summary>The page of rows that were read with one more than fits, to see whether more follow.</summary>
    public static PageOf<TRow> Of(List<TRow> rows, int size) => new(rows.Count > size ? rows[..size] : rows, rows.Count > size);
}
