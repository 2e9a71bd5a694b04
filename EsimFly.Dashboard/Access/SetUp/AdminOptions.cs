namespace EsimFly.Dashboard.Access.SetUp;

/// <summary>The first administrator, made at start where there is none: the section <c>Admin</c>.</summary>
internal sealed class AdminOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Admin";

    /// <summary>The administrator's e-mail address.</summary>
    public string? Email { get; set; }

    /// <summary>A file that holds the administrator's password on its first line.</summary>
    public string? PasswordFile { get; set; }
}
