using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Components.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Search;

public sealed partial class SearchPalette
{
    private readonly CancellationTokenSource gone = new();
    private CancellationTokenSource? finding;
    private IReadOnlyList<SearchGroup> groups = [];
    private IReadOnlyList<SearchHit> hits = [];
    private string term = "";
    private string foundTerm = "";
    private Task search = Task.CompletedTask;
    private TimeSpan readTime;
    private int active;
    private string? all;

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = default!;

    private string ReadMs => readTime.TotalMilliseconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);

    private string Hint =>
        term.Trim() switch
        {
            "" => "Type what the customer reads out, or the name of a page. Spaces and dashes do not matter.",
            { Length: < SearchQueries.FewestDigits } =>
                $"Go on: at least {SearchQueries.FewestDigits} digits of an ICCID, or the beginning of an id.",
            _ => $"No eSIM, order, delivery, package or page fits “{JsonText.MakeVisible(term.Trim())}”.",
        };

    public void Dispose()
    {
        Navigation.LocationChanged -= Remember;
        gone.Cancel();
        gone.Dispose();
    }

    /// <summary>Called when it has been opened: offers what was looked at last.</summary>
    public Task OpenedAsync() =>
        InvokeAsync(async () =>
        {
            await FindAsync();
            StateHasChanged();
        });

    protected override void OnInitialized() => Navigation.LocationChanged += Remember;

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            Remember(this, new LocationChangedEventArgs(Navigation.Uri, isNavigationIntercepted: false));
        }
    }

    private static string IdOf(int index) => FormattableString.Invariant($"hit-{index}");

    // Bound, not set: what the browser has typed meanwhile must not be overwritten by an answer to an earlier letter.
    private Task FindAsync()
    {
        all = null; // what was asked for in full was of another term
        return search = SearchAsync(term);
    }

    private Task ShowAllAsync(string group)
    {
        all = group;
        return search = SearchAsync(term);
    }

    // The group that the key shows in full: that of the active hit, where it has more.
    private string? MoreOf =>
        groups
            .FirstOrDefault(group => group.HasMore && group.Hits.Any(hit => active < hits.Count && ReferenceEquals(hit, hits[active])))
            ?.Name;

    private async Task SearchAsync(string wanted)
    {
        finding?.Cancel();
        using var own = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        finding = own;
        try
        {
            var started = Clock.Timestamp;
            var found = string.IsNullOrWhiteSpace(wanted)
                ? await RecentAsync(own.Token)
                : await Queries.FindAsync((await Session).User, wanted, all, own.Token);
            if (ReferenceEquals(finding, own))
            {
                readTime = Clock.Since(started);
                (groups, foundTerm) = (found, wanted);
                hits = [.. found.SelectMany(group => group.Hits)];
                active = 0;
            }
        }
        catch (OperationCanceledException)
        {
            // Overtaken by the next letter.
        }
        catch (Exception fault)
            when (fault is AccessDeniedException or System.Data.Common.DbException or JSException or System.Text.Json.JsonException)
        {
            (groups, hits) = ([], []); // the next letter tries again
        }
        finally
        {
            if (ReferenceEquals(finding, own))
            {
                finding = null;
            }
        }
    }

    private async Task<IReadOnlyList<SearchGroup>> RecentAsync(CancellationToken cancellationToken)
    {
        var recent = await Js.InvokeAsync<Recent[]?>("desk.read", cancellationToken, "recent") ?? [];
        return recent.Length == 0
            ? []
            :
            [
                new(
                    "Recent",
                    [
                        .. recent
                            .Where(item => string.Equals(LocalPath.OrHome(item.Path), item.Path, StringComparison.Ordinal))
                            .Select(item => new SearchHit(
                                item.Path,
                                item.Label,
                                "",
                                Look: null,
                                IsTest: item.Path.EndsWith("test=true", StringComparison.Ordinal)
                            )),
                    ],
                    HasMore: false
                ),
            ];
    }

    private async Task PressAsync(KeyboardEventArgs press)
    {
        switch (press.Key)
        {
            case "ArrowDown" when hits.Count > 0:
                await MoveAsync((active + 1) % hits.Count);
                break;
            case "ArrowUp" when hits.Count > 0:
                await MoveAsync((active + hits.Count - 1) % hits.Count);
                break;
            case "Enter" when press.ShiftKey && MoreOf is { } group:
                await ShowAllAsync(group);
                break;
            case "Enter":
                await search; // opens what was typed, not what was found for fewer letters
                if (active < hits.Count)
                {
                    var href = hits[active].Href;
                    await CloseAsync();
                    Navigation.NavigateTo(href);
                }

                break;
        }
    }

    private async Task MoveAsync(int index)
    {
        active = index;
        await Js.InvokeVoidAsync("desk.show", IdOf(index));
    }

    private async Task CloseAsync()
    {
        (term, foundTerm, groups, hits) = ("", "", [], []);
        await Js.InvokeVoidAsync("desk.closeSearch");
    }

    private void Remember(object? sender, LocationChangedEventArgs arrived)
    {
        var path = "/" + Navigation.ToBaseRelativePath(arrived.Location);
        var parts = path.Split('?', 2)[0].Split('/', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts is [var room, var key])
        {
            var name = Uri.UnescapeDataString(key);
            var label = room switch
            {
                "orders" => $"Order {name}",
                "esims" => $"eSIM {name}",
                "deliveries" when name.All(char.IsAsciiDigit) => $"Delivery {name}",
                _ => null,
            };
            if (label is not null)
            {
                _ = InvokeAsync(() => RememberAsync(path, label));
            }
        }
    }

    private async Task RememberAsync(string path, string label)
    {
        try
        {
            await Js.InvokeVoidAsync("desk.remember", gone.Token, path, label);
        }
        catch (Exception fault) when (fault is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone: there is nobody to remember it for.
        }
    }

    /// <summary>Something that was looked at, as the browser remembers it.</summary>
    private sealed record Recent(string Path, string Label);
}
