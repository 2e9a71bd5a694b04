namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Which bytes a signature covers. The samples published with contract 2025-11 disagree: PHP signs the body as sent,
/// Node signs it parsed and printed again, Python likewise with its own printer. Stored as numbers: never renumber.
/// </summary>
public enum SignedForm
{
    /// <summary>The body exactly as it was sent.</summary>
    RawBody = 1,

    /// <summary>The body parsed and printed by ECMAScript's <c>JSON.stringify</c>.</summary>
    JsonStringify = 2,

    /// <summary>The body parsed and printed by Python's <c>json.dumps</c> with its defaults.</summary>
    JsonDumps = 3,
}
