namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>Where to go after sign-in: a path of this application, whatever the address asks for.</summary>
internal static class LocalPath
{
    /// <summary>The path where it is one of this application, else the Overview's.</summary>
    public static string OrHome(string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && path.All(static letter => letter is > ' ' and <= '~') ? path : "/";
}
