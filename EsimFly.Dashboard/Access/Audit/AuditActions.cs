namespace EsimFly.Dashboard.Access.Audit;

/// <summary>What the audit log knows of: a subject and what happened to it.</summary>
internal static class AuditActions
{
    public const string SetUp = "installation.set_up";
    public const string SignedIn = "account.signed_in";
    public const string SignedOut = "account.signed_out";
    public const string LockedOut = "account.locked_out";
    public const string SignInsRefused = "account.sign_ins_refused";
    public const string Invited = "account.invited";
    public const string Joined = "account.joined";
    public const string Linked = "account.linked";
    public const string RoleChanged = "account.role_changed";
    public const string Disabled = "account.disabled";
    public const string Enabled = "account.enabled";
    public const string ResetIssued = "account.reset_issued";
    public const string Reset = "account.reset";
    public const string Renamed = "account.renamed";
    public const string PasswordChanged = "account.password_changed";
    public const string TwoStepOn = "account.two_step_on";
    public const string TwoStepOff = "account.two_step_off";
    public const string RecoveryCodesMade = "account.recovery_codes_made";
    public const string RecoveryCodeUsed = "account.recovery_code_used";
    public const string PasskeyAdded = "account.passkey_added";
    public const string PasskeyRemoved = "account.passkey_removed";
    public const string CodeRevealed = "code.revealed";
    public const string BodyRevealed = "body.revealed";
    public const string SecretAdded = "secret.added";
    public const string SecretsRotated = "secret.rotated";
    public const string SecretRetired = "secret.retired";
    public const string Rescued = "rejected.rescued";
    public const string TokenCreated = "token.created";
    public const string TokenRevoked = "token.revoked";
    public const string Requeued = "delivery.requeued";
    public const string CurlCopied = "delivery.curl_copied";
    public const string Exported = "audit.exported";
    public const string ListExported = "list.exported";
    public const string Acknowledged = "alert.acknowledged";
    public const string AcknowledgementUndone = "alert.acknowledgement_undone";
    public const string NoteAdded = "case.note_added";
    public const string OwnerSet = "case.owner_set";
    public const string FollowUpSet = "case.follow_up_set";
    public const string AnswersSet = "case.answers_set";
    public const string CustomerSet = "customer.set";
    public const string CustomersImported = "customer.imported";
    public const string TextsSet = "customer_texts.set";
    public const string ApiKeysSet = "esimfly.keys_set";
    public const string WebhookConnected = "esimfly.webhook_connected";
    public const string EsimAsked = "esimfly.esim_asked";
    public const string Synchronised = "esimfly.synchronised";
    public const string ApiKeysRemoved = "esimfly.keys_removed";
    public const string ThresholdsSet = "thresholds.set";
    public const string Erased = "data.erased";
    public const string RetentionSet = "retention.set";
    public const string DataKeyRotated = "data_key.rotated";
    public const string BackedUp = "backup.made";
    public const string Simulated = "simulator.sent";
    public const string FaultRehearsed = "simulator.fault_rehearsed";
    public const string AddressSet = "address.set";
    public const string TestDataDeleted = "simulator.test_data_deleted";
    public const string RebuildCompared = "rebuild.compared";
    public const string RebuildApplied = "rebuild.applied";
    public const string SelfChecked = "rebuild.self_checked";

    /// <summary>All of them, for a filter.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        SetUp,
        SignedIn,
        SignedOut,
        LockedOut,
        SignInsRefused,
        Invited,
        Joined,
        Linked,
        RoleChanged,
        Disabled,
        Enabled,
        ResetIssued,
        Reset,
        Renamed,
        PasswordChanged,
        TwoStepOn,
        TwoStepOff,
        RecoveryCodesMade,
        RecoveryCodeUsed,
        PasskeyAdded,
        PasskeyRemoved,
        CodeRevealed,
        BodyRevealed,
        SecretAdded,
        SecretsRotated,
        SecretRetired,
        Rescued,
        TokenCreated,
        TokenRevoked,
        Requeued,
        CurlCopied,
        Exported,
        ListExported,
        Acknowledged,
        AcknowledgementUndone,
        NoteAdded,
        OwnerSet,
        FollowUpSet,
        AnswersSet,
        CustomerSet,
        CustomersImported,
        TextsSet,
        ApiKeysSet,
        WebhookConnected,
        EsimAsked,
        Synchronised,
        ApiKeysRemoved,
        ThresholdsSet,
        Erased,
        RetentionSet,
        DataKeyRotated,
        BackedUp,
        Simulated,
        FaultRehearsed,
        AddressSet,
        TestDataDeleted,
        RebuildCompared,
        RebuildApplied,
        SelfChecked,
    ];
}
