using System.Globalization;

namespace EsimFly.Dashboard.Access.Audit;

/// <summary>What was done, in words.</summary>
internal static class AuditWords
{
    /// <summary>The words for an action; made of its name where none are set.</summary>
    public static string Of(string action) =>
        action switch
        {
            AuditActions.SetUp => "Set the installation up",
            AuditActions.SignInsRefused => "Sign-ins refused",
            AuditActions.ResetIssued => "Link to a new password made",
            AuditActions.CodeRevealed => "Activation code revealed",
            AuditActions.BodyRevealed => "Body revealed",
            AuditActions.SecretsRotated => "Signing secret rotated",
            AuditActions.Rescued => "Rejected request verified again",
            AuditActions.Requeued => "Delivery processed again",
            AuditActions.CurlCopied => "curl command copied",
            AuditActions.Exported => "Audit log exported",
            AuditActions.ListExported => "List exported",
            AuditActions.AcknowledgementUndone => "Acknowledgement undone",
            AuditActions.Erased => "Customer’s data erased",
            AuditActions.Simulated => "Test event sent",
            AuditActions.FaultRehearsed => "Failure rehearsed",
            AuditActions.AddressSet => "Public address set",
            AuditActions.TestDataDeleted => "Test data deleted",
            AuditActions.RebuildCompared => "Desk compared with the log",
            AuditActions.RebuildApplied => "Desk rebuilt",
            AuditActions.SelfChecked => "Self-check made",
            AuditActions.OwnerSet => "Case handed over",
            AuditActions.AnswersSet => "First question answered",
            AuditActions.CustomerSet => "Customer of an order set",
            AuditActions.CustomersImported => "Customers imported",
            AuditActions.TextsSet => "Customer text changed",
            AuditActions.ApiKeysSet => "Keys of eSIMfly’s API set",
            AuditActions.WebhookConnected => "Webhook registered at eSIMfly",
            AuditActions.EsimAsked => "eSIMfly asked about an eSIM",
            AuditActions.Synchronised => "Synchronising with eSIMfly",
            AuditActions.ApiKeysRemoved => "Keys of eSIMfly’s API removed",
            _ => Plain(action),
        };

    private static string Plain(string action)
    {
        var words = action.Replace('.', ' ').Replace('_', ' ').Replace("two step", "two-step", StringComparison.Ordinal);
        return words.Length == 0 ? words : char.ToUpper(words[0], CultureInfo.InvariantCulture) + words[1..];
    }
}
