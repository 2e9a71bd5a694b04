namespace EsimFly.Dashboard.Storage.Sealing;

/// <summary>What a sealed value is, bound into its seal so that one kind can never be opened as another. Never renumber.</summary>
internal enum SealPurpose : byte
{
    /// <summary>The body of a delivery.</summary>
    Body = 1,

    /// <summary>The activation codes of an eSIM.</summary>
    Codes = 2,

    /// <summary>A signing secret.</summary>
    SigningSecret = 3,

    /// <summary>The signature and body of a rejected request.</summary>
    RejectedRequest = 4,

    /// <summary>What an account keeps for two-step sign-in.</summary>
    AccountToken = 5,

    /// <summary>Headers and body of a log entry.</summary>
    LogEntry = 6,

    /// <summary>The event that stays in the log when a body is no longer kept.</summary>
    LogEvent = 7,

    /// <summary>The customer of an order.</summary>
    Customer = 8,

    /// <summary>The keys of eSIMfly's API.</summary>
    EsimflyApiKeys = 9,
}
