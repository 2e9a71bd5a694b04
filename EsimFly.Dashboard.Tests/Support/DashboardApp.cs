using System.Net;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The whole application in this process, behind a real socket, with a folder of its own.</summary>
internal sealed class DashboardApp : WebApplicationFactory<Program>
{
    private readonly TempFolder? ownFolder;
    private readonly TestDatabase? ownDatabase;
    private readonly IReadOnlyList<(string Key, string? Value)> settings;
    private readonly Action<IServiceCollection>? services;

    public DashboardApp(
        IReadOnlyList<(string Key, string? Value)>? settings = null,
        Action<IServiceCollection>? services = null,
        string? folder = null
    )
    {
        ownFolder = folder is null ? new TempFolder() : null;
        Folder = folder ?? ownFolder!.Path;
        if (TestDatabase.IsWanted && settings?.Any(static setting => setting.Key is "Storage:Provider") != true)
        {
            // With the folder goes the database: a test may start an app on it again.
            ownDatabase = folder is null ? new TestDatabase() : null;
            Database = ownDatabase ?? TestDatabase.Of(Folder);
            settings = [.. settings ?? [], .. Database.Settings];
        }
        else if (ownFolder is not null)
        {
            StoreTemplate.CopyTo(Folder);
        }

        this.settings = settings ?? [];
        this.services = services;
        UseKestrel(); // not with a port: that is set from another thread, sometimes after the server has started
        StartServer();
        Client = new HttpClient { BaseAddress = ClientOptions.BaseAddress };
    }

    /// <summary>A token from the settings with which the API can be read.</summary>
    public const string ApiToken = "a-token-for-the-tests-alone-0123456789";

    public string Folder { get; }

    /// <summary>Its PostgreSQL database; null where it keeps its data in files.</summary>
    public TestDatabase? Database { get; private init; }

    public HttpClient Client { get; }

    public Uri Address => ClientOptions.BaseAddress;

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public BothStores OpenContext() => new(OpenLog(), OpenReadModel());

    public ReadModelDbContext OpenReadModel() => Get<IDbContextFactory<ReadModelDbContext>>().CreateDbContext();

    public LogDbContext OpenLog() => Get<IDbContextFactory<LogDbContext>>().CreateDbContext();

    /// <summary>Posts a request and checks that it was taken.</summary>
    public async Task DeliverAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Waits until nothing is left to be folded, and what was answered is in the desk.</summary>
    public Task SettleAsync() =>
        Eventually.IsTrueAsync(
            async () =>
                Get<DeliveryLog>().Waiting == 0
                && Get<ReadModelState>().Building is null
                && Get<Answers>().IsEmpty
                && (await Get<WaitingDeliveries>().BacklogAsync(TestContext.Current.CancellationToken)).Count == 0,
            "all deliveries are folded"
        );

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        builder.UseSetting("Storage:Directory", Folder);
        builder.UseSetting("Storage:MinimumFreeBytes", "0");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        if (!settings.Any(setting => string.Equals(setting.Key, SigningSecrets.EnvironmentKey, StringComparison.Ordinal)))
        {
            builder.UseSetting(SigningSecrets.EnvironmentKey, Signing.Secret);
        }

        builder.UseSetting("EsimflyApi:BaseUrl", "http://127.0.0.1:9"); // nobody answers there: no test asks the real one
        builder.UseSetting("Api:Tokens:0:Name", "the tests");
        builder.UseSetting("Api:Tokens:0:Token", ApiToken);
        // The expensive one is against guessing.
        builder.ConfigureServices(all => all.Configure<PasswordHasherOptions>(options => options.IterationCount = 1000));
        foreach (var (key, value) in settings.Where(setting => setting.Value is not null))
        {
            builder.UseSetting(key, value);
        }

        if (services is not null)
        {
            builder.ConfigureServices(services);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        ownFolder?.Dispose();
        ownDatabase?.Dispose();
        GC.SuppressFinalize(this);
    }
}
