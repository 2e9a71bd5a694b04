namespace EsimFly.Dashboard.Intake.Signing;

/// <summary>What a request's signature came to.</summary>
internal enum SignatureCheck
{
    /// <summary>It is that of a known secret over a form of the body.</summary>
    Verified,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It is not 64 hexadecimal digits.</summary>
    Malformed,

    /// <summary>Its header stands twice.</summary>
    GivenTwice,

    /// <summary>The headers of both contracts bear one.</summary>
    BothContracts,

    /// <summary>No secret is set, so none could match.</summary>
    NoSecret,

    /// <summary>No secret matches.</summary>
    Mismatch,

    /// <summary>The raw body does not match, and no more time may be spent on the sender's other forms now: it may come again.</summary>
    NotChecked,
}
