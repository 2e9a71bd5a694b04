using EsimFly.Dashboard.Hosting;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace EsimFly.Dashboard.Tests.Hosting;

/// <summary>Names of settings that are none, and the other forms that settings may have.</summary>
public sealed class KnownSettingsTests
{
    [Theory]
    [InlineData("Storage:Directry", "did you mean Storage:Directory?")]
    [InlineData("Access:AllowedOrigin:0", "did you mean Access:AllowedOrigins?")]
    [InlineData("Webhook:MaxBodyBytes", "did you mean Webhooks?")]
    [InlineData("Stroage:Directory", "did you mean Storage?")]
    [InlineData("Api:Tokens:0:Tokn", "did you mean Api:Tokens:0:Token?")]
    [InlineData("Oidc:Nonsense", "There is no setting Oidc:Nonsense.")]
    [InlineData("Account:Currency", "The setting Account:Currency is now called Wholesale:Currency.")]
    [InlineData("account:dataunit", "is now called Wholesale:DataUnit.")]
    [InlineData("Desk:AllowedOrigins:0", "is now called Access:AllowedOrigins.")]
    [InlineData("Inbox:QueueCapacity", "is now called Intake:QueueCapacity.")]
    [InlineData("Inbox:BatchSize", "is now called Intake:BatchSize.")]
    public void Name_ThatIsNone_IsReportedWithTheNearest(string name, string words) =>
        Assert.Contains(words, Assert.Single(KnownSettings.Problems(With((name, "x")))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Storage:Directory")]
    [InlineData("storage:directory")]
    [InlineData("Webhooks:KnownProxies:0")]
    [InlineData("Webhooks:KnownProxies")]
    [InlineData("Api:Tokens:0:TokenFile")]
    [InlineData("Oidc:ClientSecretFile")]
    [InlineData("Wholesale:Currency")]
    [InlineData("Wholesale:DataUnit")]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("HOME")]
    [InlineData("Kestrel:Endpoints:Http:Url")]
    public void Name_OfASetting_OrOfSomebodyElse_IsLeft(string name) =>
        Assert.DoesNotContain(
            KnownSettings.Problems(With((name, "x"))),
            static problem => problem.StartsWith("There", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("Storage:Provider", "7", "must be one of Sqlite, Postgres.")]
    [InlineData("Storage:Provider", "Oracle", "must be one of Sqlite, Postgres.")]
    [InlineData("Wholesale:DataUnit", "TB", "must be one of GB, MB.")]
    [InlineData("Webhooks:AddressPolicy", "Maybe", "must be one of Off, Report, Enforce.")]
    [InlineData("Webhooks:SignedForms:1", "Foo", "must be one of RawBody, JsonStringify, JsonDumps.")]
    [InlineData("Webhooks:MaxBodyBytes", "99999999999", "must be a whole number")]
    [InlineData("Webhooks:MaxBodyBytes", "256 KB", "must be a whole number")]
    [InlineData("Webhooks:MaxBodyBytes", "", "must be a whole number")]
    [InlineData("Storage:MinimumFreeBytes", "1.5", "must be a whole number")]
    [InlineData("Storage:LockTimeout", "three seconds", "must be a duration such as 00:00:03.")]
    [InlineData("Oidc:Only", "yes", "must be true or false.")]
    [InlineData("Access:SecondStepFrom", "Root", "must be one of")]
    public void Value_OfTheWrongKind_IsReportedWithTheRightOne(string name, string value, string words)
    {
        var problem = Assert.Single(KnownSettings.Problems(With((name, value))));

        Assert.StartsWith(name, problem, StringComparison.Ordinal);
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:Provider", "postgres")]
    [InlineData("Webhooks:RequireHttps", "True")]
    [InlineData("Webhooks:RequireHttps", "")] // unset
    [InlineData("Storage:LockTimeout", "00:00:10")]
    public void Value_OfTheRightKind_IsLeft(string name, string value) => Assert.Empty(KnownSettings.Problems(With((name, value))));

    [Fact]
    public void List_InOneValue_IsSplit_AndASecretIsReadFromItsFile()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "secret");
        File.WriteAllText(file, "the secret\nand more\n");
        var settings = With(
            ("Webhooks:KnownProxies", "127.0.0.1, 10.0.0.0/8"),
            ("Api:Tokens:0:TokenFile", file),
            ("Oidc:ClientSecretFile", file),
            ("ESIMFLY_WEBHOOK_SECRET_FILE", file)
        );

        SettingForms.Expand(settings);

        Assert.Equal(["127.0.0.1", "10.0.0.0/8"], settings.GetSection("Webhooks:KnownProxies").Get<string[]>()!);
        Assert.Equal("the secret", settings["Api:Tokens:0:Token"]);
        Assert.Equal("the secret", settings["Oidc:ClientSecret"]);
        Assert.Equal("the secret", settings["ESIMFLY_WEBHOOK_SECRET"]);
    }

    private static ConfigurationManager With(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        return configuration;
    }
}
