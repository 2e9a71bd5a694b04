using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Hosting;
using EsimFly.Dashboard.Inbox;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Observability;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Receiving;
using EsimFly.Dashboard.Storage;
using Microsoft.Extensions.Options;

var builder = HostingRoom.CreateBuilder(args).AddSettings().AddServer();

// In the order in which a delivery passes through them.
builder.Services
    .AddObservability(builder.Configuration)
    .AddStorage()
    .AddInbox()
    .AddReceiving()
    .AddProjection()
    .AddLive()
    .AddDesk()
    .AddHostedService<StartNotice>();

var app = builder.Build();
try
{
    app.CheckSettings();
    app.Services.PrepareStorage();

    app.UseSecurityHeaders();
    app.UseKnownProxies();
    app.UseRouting(); // after the proxies: some endpoints answer from within it
    app.UseMiddleware<LocalDesk>(); // the webhook endpoint and the health checks have answered by now
    app.MapObservability();
    app.MapReceiving();
    app.MapLive();
    app.MapDesk();

    await app.RunAsync();
    return Environment.ExitCode;
}
catch (Exception fault) when (fault is StorageSetupException or StartException or OptionsValidationException or IOException)
{
    // Something that whoever starts it can mend: a sentence, not a stack.
    await Console.Error.WriteLineAsync($"EsimFly.Dashboard cannot start: {fault.Message}");
    return 1;
}
