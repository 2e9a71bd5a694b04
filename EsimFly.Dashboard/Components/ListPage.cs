using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Components;

/// <summary>A page that lists rows by key, with its search and filters in the address.</summary>
public abstract class ListPage : LiveComponent
{
    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Moves within the pages and loads the one arrived at.</summary>
    protected Task TurnAsync(Action turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        turn();
        return ReloadAsync();
    }

    /// <summary>Puts a filter into the address, from which it is read again.</summary>
    protected void Filter(string name, string? value)
    {
        ResetPages();
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrWhiteSpace(value) ? null : value.Trim()), replace: true);
    }

    /// <summary>Goes back to the first page.</summary>
    protected abstract void ResetPages();
}
