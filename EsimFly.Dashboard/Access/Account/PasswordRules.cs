namespace EsimFly.Dashboard.Access.Account;

/// <summary>What the forms say of passwords.</summary>
internal static class PasswordRules
{
    /// <summary>The rule, for people.</summary>
    public const string Hint = "At least 12 characters. A few words are easier to remember than a few signs.";

    /// <summary>What is shown where the two do not agree.</summary>
    public const string Different = "The two passwords are different.";
}
