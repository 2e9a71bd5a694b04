using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Desk.Customers;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.CustomerTexts;

public sealed partial class CustomerTextPicker
{
    private IReadOnlyDictionary<string, IReadOnlyDictionary<CustomerText, string>> texts = new Dictionary<
        string,
        IReadOnlyDictionary<CustomerText, string>
    >(StringComparer.Ordinal);

    private Customer? customer;
    private CustomerText kind;
    private string? chosen;

    /// <summary>The eSIM; null where only its code is shown.</summary>
    [Parameter]
    public EsimEntity? Esim { get; set; }

    /// <summary>Its ICCID.</summary>
    [Parameter, EditorRequired]
    public string Iccid { get; set; } = "";

    /// <summary>What was sold.</summary>
    [Parameter]
    public string? Package { get; set; }

    /// <summary>The order's id and references.</summary>
    [Parameter]
    public IReadOnlyList<string> OrderNames { get; set; } = [];

    /// <summary>Whether it is test data.</summary>
    [Parameter]
    public bool IsTest { get; set; }

    /// <summary>The code that is revealed just now; without one, only texts that need none are offered.</summary>
    [Parameter]
    public RevealedCode? Code { get; set; }

    [Inject]
    private CustomerTextActions Texts { get; set; } = default!;

    [Inject]
    private CustomerActions Customers { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = default!;

    private IEnumerable<CustomerText> Kinds =>
        Enum.GetValues<CustomerText>().Where(one => CustomerTextWords.NeedsCode(one) == Code is not null);

    // What was chosen, else the customer's own, else English.
    private string Language => chosen ?? Known(customer?.Language) ?? Known(customer?.Language?.Split('-')[0]) ?? "en";

    private string? Filled =>
        texts.GetValueOrDefault(Language)?.GetValueOrDefault(kind) is { } template
            ? Template.Fill(
                template,
                CustomerTextWords.Values(Esim, Iccid, Package, OrderNames.Count > 0 ? OrderNames[0] : null, customer, Code, Clock)
            )
            : null;

    protected override async Task OnInitializedAsync()
    {
        kind = Code is not null || Esim is null ? CustomerText.Install : CustomerTextWords.Suggest(Esim);
        try
        {
            var who = (await Session).User;
            texts = await Texts.ReadAsync(who, CancellationToken.None);
            customer = OrderNames.Count == 0 ? null : await Customers.FindAsync(who, OrderNames, IsTest, CancellationToken.None);
        }
        catch (AccessDeniedException)
        {
            texts = new Dictionary<string, IReadOnlyDictionary<CustomerText, string>>(StringComparer.Ordinal);
        }
    }

    private string? Known(string? language) => language is not null && texts.ContainsKey(language) ? language : null;

    private static string NameOf(string language) =>
        language switch
        {
            "en" => "English",
            "ar" => "العربية",
            _ => language,
        };

    private async Task CopyHtmlAsync()
    {
        if (Filled is not { } filled)
        {
            return;
        }

        try
        {
            await Js.InvokeVoidAsync("desk.copyHtml", Template.ToHtml(filled, Language), filled);
            Snackbar.Add("Copied as HTML, ready to paste into a mail", Severity.Success);
        }
        catch (JSException)
        {
            Snackbar.Add("The browser did not allow copying.", Severity.Warning);
        }
    }
}
