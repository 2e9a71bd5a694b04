using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Components.Tables;

/// <summary>A column of a <see cref="DataTable{TRow}"/>.</summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Id">What the choice of columns knows it by; never shown.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Cell">What stands in a row.</param>
public sealed record TableColumn<TRow>(string Id, string Title, RenderFragment<TRow> Cell)
{
    /// <summary>The class of its cells, such as <c>num</c>.</summary>
    public string? Class { get; init; }

    /// <summary>Whether it is always shown.</summary>
    public bool IsFixed { get; init; }

    /// <summary>Whether it is hidden until its viewer chooses it.</summary>
    public bool IsHiddenAtFirst { get; init; }

    /// <summary>The order in the address that sorts the rows by it; null where they cannot be.</summary>
    public string? SortsBy { get; init; }

    /// <summary>Whether the rows are sorted by it, and can be the other way round.</summary>
    public bool IsSorted { get; init; }
}
