using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>Something that a rejected request's signature matches.</summary>
/// <param name="SecretLabel">The secret.</param>
/// <param name="IsTest">Whether it is the test secret.</param>
/// <param name="EndedAtMs">When that secret ended, Unix milliseconds; null where it verifies still.</param>
/// <param name="Form">The form of the body.</param>
/// <param name="IsFormTried">Whether that form is tried for the request's contract, by the settings.</param>
/// <param name="Contract">The contract of the request: 2026-04 signs the raw body alone.</param>
/// <param name="Body">What was done to the body.</param>
/// <param name="Key">What was done to the secret.</param>
internal sealed record SignatureMatch(
    string SecretLabel,
    bool IsTest,
    long? EndedAtMs,
    SignedForm Form,
    bool IsFormTried,
    ContractVersion Contract,
    BodyVariant Body,
    KeyVariant Key
)
{
    /// <summary>Whether the request would verify now, as it is.</summary>
    public bool Verifies => EndedAtMs is null && IsFormTried && Body == BodyVariant.AsReceived && Key == KeyVariant.AsKept;
}

/// <summary>A body other than the one that came.</summary>
internal enum BodyVariant
{
    /// <summary>Unchanged.</summary>
    AsReceived,

    /// <summary>Without the white space at its end.</summary>
    WithoutTrailingSpace,

    /// <summary>With a line feed at its end.</summary>
    WithTrailingLineFeed,
}

/// <summary>A key other than the text of the secret.</summary>
internal enum KeyVariant
{
    /// <summary>The text as it is kept.</summary>
    AsKept,

    /// <summary>The text without <c>whsec_</c>.</summary>
    WithoutPrefix,

    /// <summary>The bytes that the text without <c>whsec_</c> is the Base64 of.</summary>
    Base64Decoded,
}
