using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;

namespace EsimFly.Dashboard.Components.Tables;

public sealed partial class DataTable<TRow>
{
    private readonly Dictionary<object, (long Stamp, bool Flip)> seen = [];
    private HashSet<string>? chosen;
    private bool isPointed;
    private bool isTouched;
    private bool isFocused;
    private bool isDense;

    /// <summary>What the choice of columns is remembered under.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>The columns.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TableColumn<TRow>> Columns { get; set; } = [];

    /// <summary>The rows.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TRow> Rows { get; set; } = [];

    /// <summary>What a row is known by.</summary>
    [Parameter, EditorRequired]
    public Func<TRow, object> KeyOf { get; set; } = default!;

    /// <summary>Attributes that tell a row.</summary>
    [Parameter]
    public Func<TRow, Dictionary<string, object>> MarkOf { get; set; } = static _ => [];

    /// <summary>
    /// When what a row shows last came here, Unix milliseconds: a row that it is news to is highlighted, each time again.
    /// </summary>
    [Parameter]
    public Func<TRow, long?> ReceivedAtMs { get; set; } = static _ => null;

    /// <summary>What came here from then on is news, Unix milliseconds.</summary>
    [Parameter]
    public long FreshSinceMs { get; set; } = long.MaxValue;

    /// <summary>How many rows wait to be shown.</summary>
    [Parameter]
    public int NewCount { get; set; }

    /// <summary>Called when the pointer or the keyboard comes upon the rows, with true, and when it leaves them, with false.</summary>
    [Parameter]
    public EventCallback<bool> OnHold { get; set; }

    /// <summary>Called to let those in that wait; the pointer may stay where it is.</summary>
    [Parameter]
    public EventCallback OnTakeNew { get; set; }

    /// <summary>Whether the oldest come first.</summary>
    [Parameter]
    public bool IsOldestFirst { get; set; }

    /// <summary>Called to sort the other way round.</summary>
    [Parameter]
    public EventCallback OnSort { get; set; }

    /// <summary>The rows that are ticked; null where rows cannot be.</summary>
    [Parameter]
    public Selection<TRow>? Picked { get; set; }

    /// <summary>What can be done with the rows that are ticked.</summary>
    [Parameter]
    public RenderFragment? PickedActions { get; set; }

    /// <summary>How a row is called, for who does not see its tick.</summary>
    [Parameter]
    public Func<TRow, string> NameOf { get; set; } = static _ => "the row";

    /// <summary>Called to sort by another column, with its <see cref="TableColumn{TRow}.SortsBy"/>.</summary>
    [Parameter]
    public EventCallback<string> OnSortBy { get; set; }

    private IEnumerable<TableColumn<TRow>> Shown => Columns.Where(IsShown);

    private string NewText => NewCount >= RowList<object>.PageSize ? $"{RowList<object>.PageSize}+ new" : $"{NewCount} new";

    private string SortIcon => IsOldestFirst ? Icons.Material.Outlined.ArrowUpward : Icons.Material.Outlined.ArrowDownward;

    protected override void OnParametersSet()
    {
        if (seen.Count > Rows.Count * 4)
        {
            var shown = Rows.Select(KeyOf).ToHashSet();
            foreach (var key in seen.Keys.Where(key => !shown.Contains(key)).ToList())
            {
                seen.Remove(key);
            }
        }

        // A highlight runs once for each thing that came: the class changes with it, or the browser would not run it again.
        foreach (var row in Rows)
        {
            var (key, stamp) = (KeyOf(row), ReceivedAtMs(row) ?? 0);
            if (!seen.TryGetValue(key, out var before) || before.Stamp != stamp)
            {
                seen[key] = (stamp, !before.Flip);
            }
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        var remembered = await Js.InvokeAsync<string[]?>("desk.read", $"columns.{Name}");
        isDense = await Js.InvokeAsync<bool?>("desk.read", "dense") == true;
        if (remembered is not null || isDense)
        {
            chosen = remembered is null ? null : new(remembered, StringComparer.Ordinal);
            StateHasChanged();
        }
    }

    private void PickAll(bool isTicked)
    {
        foreach (var row in Rows)
        {
            Picked!.Set(row, isTicked);
        }
    }

    // One choice for all tables: who wants more rows on the screen wants them everywhere.
    private async Task TurnDensityAsync()
    {
        isDense = !isDense;
        await Js.InvokeVoidAsync("desk.write", "dense", isDense);
    }

    private string? FreshClass(TRow row) =>
        ReceivedAtMs(row) >= FreshSinceMs
            ? seen.GetValueOrDefault(KeyOf(row)).Flip
                ? "fresh"
                : "fresh again"
            : null;

    private bool IsShown(TableColumn<TRow> column) => column.IsFixed || (chosen?.Contains(column.Id) ?? !column.IsHiddenAtFirst);

    // What its viewer chose to see is of no minor interest, on a phone either.
    private string? ClassOf(TableColumn<TRow> column) =>
        chosen is null || column.IsFixed ? column.Class : column.Class?.Replace("minor", "", StringComparison.Ordinal).Trim();

    private async Task ShowAsync(TableColumn<TRow> column, bool isShown)
    {
        chosen ??= new(Columns.Where(IsShown).Select(item => item.Id), StringComparer.Ordinal);
        _ = isShown ? chosen.Add(column.Id) : chosen.Remove(column.Id);
        await Js.InvokeVoidAsync("desk.write", $"columns.{Name}", chosen.ToArray());
    }

    // A finger that is lifted is still over the row that it means to touch next: the rows stay until the pill is touched.
    private Task Left(PointerEventArgs pointer)
    {
        isTouched = string.Equals(pointer.PointerType, "touch", StringComparison.Ordinal);
        return isTouched ? Task.CompletedTask : HoldAsync(ref isPointed, false);
    }

    private async Task TakeNewAsync()
    {
        await OnTakeNew.InvokeAsync();
        if (isTouched)
        {
            await HoldAsync(ref isPointed, false);
        }
    }

    private Task HoldAsync(ref bool reason, bool isHeld)
    {
        reason = isHeld;
        return OnHold.InvokeAsync(isPointed || isFocused);
    }
}
