namespace EsimFly.Dashboard.Projection;

/// <summary>What the payloads of 2025-11 leave unsaid: the section <c>Account</c>.</summary>
internal sealed class AccountOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Account";

    /// <summary>The unit of its data sizes.</summary>
    public DataUnit DataUnit { get; set; } = DataUnit.GB;
}
