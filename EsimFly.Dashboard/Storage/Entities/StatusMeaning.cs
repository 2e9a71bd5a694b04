namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What eSIMfly's and the networks' words for states mean, in any letter case: the one list of them.</summary>
public static class StatusMeaning
{
    /// <summary>The plan's state of that word; null where the word is not known.</summary>
    public static PlanStatus? Plan(string? word) =>
        word?.Trim().ToUpperInvariant() switch
        {
            "NEW" => PlanStatus.New,
            "ACTIVE" => PlanStatus.Active,
            "DEPLETED" => PlanStatus.Depleted,
            "EXPIRED" or "USED_EXPIRED" => PlanStatus.Expired,
            "CANCELLED" or "CANCELED" => PlanStatus.Cancelled,
            _ => null,
        };

    /// <summary>The order's state of that word; null where the word is not known.</summary>
    public static OrderStatus? Order(string? word) =>
        word?.Trim().ToUpperInvariant() switch
        {
            "PENDING" or "PENDING_DETAILS" or "PROCESSING" => OrderStatus.Processing,
            "COMPLETED" => OrderStatus.Completed,
            "FAILED" => OrderStatus.Failed,
            "CANCELLED" or "CANCELED" => OrderStatus.Cancelled,
            _ => null,
        };

    /// <summary>The profile's state of that word; null where the word is not known.</summary>
    public static ProfileStatus? Profile(string? word) =>
        word?.Trim().ToUpperInvariant() switch
        {
            "NOT INSTALLED" => ProfileStatus.NotInstalled,
            "BPP INSTALLATION" => ProfileStatus.Downloading,
            "ENABLE" or "ENABLED" => ProfileStatus.Enabled,
            "DISABLE" or "DISABLED" => ProfileStatus.Disabled,
            "DELETE" or "DELETED" => ProfileStatus.Deleted,
            _ => null,
        };
}
