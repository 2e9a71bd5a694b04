using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Customers;

/// <summary>Whose an order is, on its page.</summary>
public sealed partial class CustomerPanel
{
    private Customer? customer;
    private Draft? edited;

    /// <summary>The order's id and references, that by which it is known first.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Names { get; set; } = [];

    /// <summary>Whether it is test data.</summary>
    [Parameter]
    public bool IsTest { get; set; }

    [Inject]
    private CustomerActions Customers { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Order);
    }

    private protected override object LoadKey => (string.Join('\n', Names), IsTest);

    private protected override bool Concerns(ChangeSet changes) => Names.Any(name => changes.Concerns(Topic.Order, name));

    protected override async Task LoadAsync(CancellationToken cancellationToken) =>
        customer = await Customers.FindAsync(Who, Names, IsTest, cancellationToken);

    private void Edit() =>
        edited = new()
        {
            Name = customer?.Name,
            Email = customer?.Email,
            ShopOrder = customer?.ShopOrder,
            Language = customer?.Language,
        };

    private async Task SaveAsync()
    {
        var wanted = new Customer
        {
            Name = edited!.Name,
            Email = edited.Email,
            ShopOrder = edited.ShopOrder,
            Language = edited.Language,
        }.Trimmed();
        if (wanted.Problems(LabelOf).FirstOrDefault() is { } problem)
        {
            Warn(problem);
        }
        else if (await TryAsync(who => Customers.SetAsync(who, Names[0], IsTest, wanted, CancellationToken.None)))
        {
            edited = null;
            await ReloadAsync();
        }
    }

    private static string LabelOf(string field) =>
        field switch
        {
            "email" => "E-mail",
            "shop_order" => "Shop order",
            "language" => "Language",
            _ => "Name",
        };

    private sealed class Draft
    {
        public string? Name { get; set; }
        public string? Email { get; set; }
        public string? ShopOrder { get; set; }
        public string? Language { get; set; }
    }
}
