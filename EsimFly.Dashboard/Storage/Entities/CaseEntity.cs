namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>The owner of an order, an eSIM or an incident, and what was found out so far.</summary>
internal sealed class CaseEntity
{
    /// <summary>What it is about.</summary>
    public CaseKind Kind { get; set; }

    /// <summary>Which: an order's key, an ICCID, an incident's cause.</summary>
    public required string Key { get; set; }

    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>The owner's account; null for nobody.</summary>
    public string? OwnerId { get; set; }

    /// <summary>What that account is called.</summary>
    public string? OwnerName { get; set; }

    /// <summary>When it is to be looked at again, Unix milliseconds; null for never.</summary>
    public long? FollowUpAtMs { get; set; }

    /// <summary>The answers to the first-line questions, as JSON: a question's code and <c>yes</c> or <c>no</c>.</summary>
    public string? Answers { get; set; }

    /// <summary>When any of this was last changed, Unix milliseconds.</summary>
    public long ChangedAtMs { get; set; }
}
