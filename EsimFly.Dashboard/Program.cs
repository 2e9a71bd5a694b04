using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Api;
using EsimFly.Dashboard.Desk;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Hosting;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Intake;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Storage;
using Microsoft.Extensions.Options;

if (args is ["--help" or "-h" or "help", ..])
{
    await Console.Out.WriteLineAsync(
        $"""
        EsimFly.Dashboard, the desk of an eSIM reseller. Without a command it starts the desk; every setting of the README can
        be given as --Key:Name=value.

        {AdminCommand.Usage}
            Prints a link to a new password for an administrator who is locked out.
        {SimulateCommand.Usage}
        """
    );
    return 0;
}

var builder = HostingRoom.CreateBuilder(args).AddSettings().AddServer();

// In the order in which a delivery passes through them; then those who may see it.
builder
    .Services.AddObservability(builder.Configuration)
    .AddStorage()
    .AddIntake()
    .AddProjection()
    .AddLive()
    .AddAccess(builder.Configuration)
    .AddDesk()
    .AddSimulator()
    .AddReadApi()
    .AddHostedService<StartNotice>();

var app = builder.Build();
try
{
    app.CheckSettings();
    if (AdminCommand.IsAskedFor(args))
    {
        return await AdminCommand.RunAsync(args, app.Services);
    }

    if (SimulateCommand.IsAskedFor(args))
    {
        return await SimulateCommand.RunAsync(args, app.Services);
    }

    app.Services.PrepareStorage();
    app.Services.PrepareIntake();
    await app.Services.PrepareAccessAsync();
    app.UseSecurityHeaders();
    app.UseKnownProxies();
    app.UseProblemPages();
    app.UseRouting(); // after the proxies: the webhook endpoint and the health checks answer from within it
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
catch (Exception fault)
    when (fault is StorageSetupException or AccessSetupException or StartException or OptionsValidationException or IOException)
{
    // Something that the person who starts it can mend: a sentence, not a stack.
    await Console.Error.WriteLineAsync($"EsimFly.Dashboard cannot start: {fault.Message}");
    return 1;
}
