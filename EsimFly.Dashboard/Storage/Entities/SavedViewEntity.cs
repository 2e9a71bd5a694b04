namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A list with its filters, under a name.</summary>
internal sealed class SavedViewEntity
{
    /// <summary>A sequence number.</summary>
    public long Id { get; set; }

    /// <summary>The account that saved it.</summary>
    public required string AccountId { get; set; }

    /// <summary>What that account is called.</summary>
    public required string AccountName { get; set; }

    /// <summary>The list's path, such as <c>/orders</c>.</summary>
    public required string List { get; set; }

    /// <summary>What it is called.</summary>
    public required string Name { get; set; }

    /// <summary>The filters, as they stand in the address after the question mark.</summary>
    public required string Query { get; set; }

    /// <summary>Whether everybody is offered it.</summary>
    public bool IsShared { get; set; }
}
