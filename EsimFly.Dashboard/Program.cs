using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Api;
using EsimFly.Dashboard.Desk;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.Hosting;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Intake;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Simulator.StandIn;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Moving;
using Microsoft.Extensions.Options;

try
{
    var line = new CommandLine(args);
    return await line.RunAsync(
        () => RunDeskAsync(line.Settings),
        AdminCommand.Describe(() => Build(line.Settings), PublicAddress.FindAsync),
        SimulateCommand.Describe(() => Build(line.Settings)),
        MoveCommand.Describe(() => Build(line.Settings)),
        StandInCommand.Describe(line.Settings)
    );
}
catch (OperationCanceledException)
{
    return 0; // it was ended while it waited for its database
}
catch (StorageAwayException fault)
{
    await Console.Error.WriteLineAsync($"EsimFly.Dashboard cannot start yet: {fault.Message}");
    return StorageAwayException.ExitCode;
}
catch (Exception fault)
    when (fault is StorageSetupException or AccessSetupException or StartException or OptionsValidationException or IOException)
{
    // Something that the person who starts it can mend: a sentence, not a stack.
    await Console.Error.WriteLineAsync($"EsimFly.Dashboard cannot start: {fault.Message}");
    return 1;
}

static WebApplication Build(string[] settings)
{
    var builder = HostingRoom.CreateBuilder(settings).AddSettings().AddServer();

    // In the order in which a delivery passes through them; then those who may see it.
    builder
        .Services.AddObservability(builder.Configuration)
        .AddStorage(builder.Configuration)
        .AddIntake()
        .AddEsimflyApi()
        .AddProjection()
        .AddLive()
        .AddAccess(builder.Configuration)
        .AddDesk()
        .AddSimulator()
        .AddReadApi()
        .AddHostedService<StartNotice>();
    return builder.BuildChecked();
}

static async Task<int> RunDeskAsync(string[] settings)
{
    await using var app = Build(settings); // or the last lines of its log would be lost
    StartNotice.LogVersion(app.Services.GetRequiredService<ILogger<StartNotice>>());
    await StorageStart.ExplainAsync(async () =>
    {
        await app.Services.PrepareStorageAsync();
        app.Services.PrepareIntake();
        await app.Services.PrepareProjectionAsync();
        await app.Services.PrepareAccessAsync();
        app.Services.EndPreparation();
    });
    app.UseWebhookAddress();
    app.UseKnownProxies();
    app.UseSecurityHeaders(); // behind the proxies: whether a request came by HTTPS is known then
    app.UseProblemPages();
    app.UseRouting(); // after the proxies: the webhook endpoint and the health checks answer from within it
    app.UseHostGuard();
    app.UseOriginGuard();
    app.UseAccess();
    app.UseAntiforgery();
    app.MapObservability();
    app.MapIntake();
    app.MapLive();
    app.MapAccess();
    app.MapDesk();
    app.MapReadApi();
    await app.RunAsync();
    return Environment.ExitCode;
}
