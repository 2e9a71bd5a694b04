namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Tools that some tests need: without one they are skipped, or fail where all tests are required.</summary>
internal static class RequiredTool
{
    private const string RequireAll = "ESIMFLY_REQUIRE_ALL_TESTS";

    public const string Chromium = "/usr/bin/chromium";
    public const string Strace = "/usr/bin/strace";

    /// <summary>Whether a tool is there: for what is prepared before a test can be skipped.</summary>
    public static bool IsThere(string path) => File.Exists(path);

    public static void Need(string path)
    {
        if (!IsThere(path))
        {
            Miss($"{path} is not installed.");
        }
    }

    /// <summary>Needs what an environment variable names.</summary>
    public static void NeedVariable(string name, string without)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
        {
            Miss($"{name} is not set: {without}.");
        }
    }

    private static void Miss(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable(RequireAll), "1", StringComparison.Ordinal))
        {
            Assert.Fail($"{reason} {RequireAll} is set, so this is a failure.");
        }

        Assert.Skip(reason);
    }
}
