namespace EsimFly.Dashboard.Contract;

// One record an event, its members named as on the wire. Everything may be missing or null; ids that are not ICCIDs may
// come as numbers, numbers and truth values as strings. An ICCID, EID or IMSI that is a number has lost digits and does
// not parse. Unknown members are ignored. Amounts carry no currency as published, and the data sizes of 2025-11 no unit; where
// a currency comes, it counts.

/// <summary>What both contracts wrap a payload in: <c>{"event", "timestamp", "data"}</c>.</summary>
/// <typeparam name="TData">The payload of the event.</typeparam>
internal sealed record Envelope<TData>(string? Event, ContractInstant? Timestamp, TData? Data)
    where TData : class;

/// <summary><c>order.created</c></summary>
internal sealed record OrderCreatedData(
    ContractText? OrderId,
    ContractText? OrderReference,
    ContractText? PackageCode,
    ContractText? PackageName,
    decimal? Quantity,
    decimal? Amount,
    ContractText? Status,
    ContractText? Currency
);

/// <summary><c>order.completed</c>, of either contract: 0 to 10 eSIMs.</summary>
internal sealed record OrderCompletedData(ContractText? OrderId, ContractText? OrderReference, IReadOnlyList<OrderCompletedEsim?>? Esims);

/// <summary>One eSIM of <c>order.completed</c>. Both codes are secrets.</summary>
internal sealed record OrderCompletedEsim(string? Iccid, string? QrCode, string? ActivationCode, ContractText? Status);

/// <summary><c>order.failed</c></summary>
internal sealed record OrderFailedData(
    ContractText? OrderId,
    ContractText? OrderReference,
    ContractText? ErrorCode,
    ContractText? ErrorMessage,
    bool? CanRetry
);

/// <summary><c>esim.activated</c></summary>
internal sealed record EsimActivatedData(
    string? Iccid,
    ContractText? PackageName,
    ContractInstant? ActivatedAt,
    ContractInstant? ExpiresAt
);

/// <summary><c>esim.expired</c></summary>
internal sealed record EsimExpiredData(
    string? Iccid,
    ContractText? PackageName,
    decimal? DataUsed,
    decimal? DataTotal,
    ContractInstant? ExpiredAt
);

/// <summary><c>balance.low</c></summary>
internal sealed record BalanceLowData(decimal? CurrentBalance, decimal? Threshold, ContractText? Message, ContractText? Currency);

/// <summary><c>topup.completed</c></summary>
internal sealed record TopUpCompletedData(
    string? Iccid,
    ContractText? PackageCode,
    ContractText? PackageName,
    decimal? Amount,
    ContractInstant? NewExpiry,
    ContractText? Currency
);

/// <summary><c>topup.failed</c></summary>
internal sealed record TopUpFailedData(string? Iccid, ContractText? PackageCode, ContractText? ErrorCode, ContractText? ErrorMessage);

/// <summary><c>esim.provisioned</c>. All but the names are secrets.</summary>
internal sealed record EsimProvisionedData(
    ContractText? OrderReference,
    string? Iccid,
    ContractText? EsimId,
    ContractText? PackageCode,
    ContractText? PackageName,
    string? QrCodeUrl,
    string? LpaString,
    string? DirectAppleInstallUrl,
    string? DirectAndroidInstallUrl
);

/// <summary><c>esim.installed</c></summary>
internal sealed record EsimInstalledData(
    string? Iccid,
    ContractText? EsimId,
    ContractText? PackageCode,
    ContractText? OrderReference,
    string? Eid,
    string? Imsi,
    ContractInstant? InstalledAt
);

/// <summary><c>esim.profile.updated</c>: <c>profile_status</c> is the network's raw word, <c>profile</c> its label.</summary>
internal sealed record EsimProfileUpdatedData(
    string? Iccid,
    ContractText? EsimId,
    ContractText? PackageCode,
    ContractText? OrderReference,
    ContractText? ProfileStatus,
    ContractText? Profile,
    ContractText? PreviousProfileStatus,
    string? Eid,
    string? Imsi,
    ContractInstant? ChangedAt
);

/// <summary><c>esim.status.changed</c>: statuses in capitals, such as <c>ACTIVE</c>.</summary>
internal sealed record EsimStatusChangedData(
    string? Iccid,
    ContractText? EsimId,
    ContractText? PackageCode,
    ContractText? OrderReference,
    ContractText? OldStatus,
    ContractText? NewStatus,
    ContractInstant? ChangedAt,
    ContractInstant? ExpiryDate
);

/// <summary><c>esim.usage.threshold</c></summary>
internal sealed record EsimUsageThresholdData(
    string? Iccid,
    ContractText? EsimId,
    ContractText? PackageCode,
    ContractText? OrderReference,
    ContractText? Source,
    decimal? ThresholdRemainingMb,
    decimal? UsedPercent,
    decimal? UsedGb,
    decimal? TotalGb,
    decimal? RemainingGb,
    ContractInstant? ReportedAt
);
