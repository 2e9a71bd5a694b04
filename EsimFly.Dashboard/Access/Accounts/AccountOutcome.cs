namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>What a change to an account came to.</summary>
/// <param name="Problem">Why it was not made, in a sentence; null where it was.</param>
/// <param name="LinkCode">The code of the one-time link that came of it.</param>
internal readonly record struct AccountOutcome(string? Problem, string? LinkCode = null)
{
    /// <summary>It was made.</summary>
    public static AccountOutcome Done { get; }

    /// <summary>Whether it was made.</summary>
    public bool IsDone => Problem is null;

    /// <inheritdoc/>
    public override string ToString() => Problem ?? "done"; // never the code
}
