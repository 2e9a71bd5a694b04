namespace EsimFly.Dashboard.Components.Status;

/// <summary>eSIMfly's and the networks' words for states, as the desk says them; a word that is not known stays as it came.</summary>
internal static class StatusWords
{
    /// <summary>The desk's word for one of theirs.</summary>
    public static string Of(string word) =>
        word.Trim().ToUpperInvariant() switch
        {
            "ENABLE" or "ENABLED" => "Switched on",
            "DISABLE" or "DISABLED" => "Switched off",
            "DELETE" or "DELETED" => "Deleted",
            "BPP INSTALLATION" => "Installing",
            "NOT INSTALLED" => "Not installed",
            "NEW" => "New",
            "ACTIVE" => "Active",
            "DEPLETED" => "Used up",
            "EXPIRED" or "USED_EXPIRED" => "Expired",
            "CANCELLED" or "CANCELED" => "Cancelled",
            _ => word,
        };
}
