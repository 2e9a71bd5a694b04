using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Balance;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Desk.Customers;
using EsimFly.Dashboard.Desk.CustomerTexts;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Erasure;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Desk.Layout;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Desk.Overview;
using EsimFly.Dashboard.Desk.Search;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Desk.TopUps;
using EsimFly.Dashboard.Desk.Views;
using EsimFly.Dashboard.Desk.Wholesale;
using EsimFly.Dashboard.Hosting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.SignalR;
using MudBlazor;
using MudBlazor.Services;

namespace EsimFly.Dashboard.Desk;

/// <summary>Registers and maps what staff see: what all pages need, and each subject.</summary>
internal static class DeskRoom
{
    public static IServiceCollection AddDesk(this IServiceCollection services)
    {
        services
            .AddRazorComponents()
            .AddInteractiveServerComponents(options =>
            {
                // What people who went away, or never meant to stay, may hold of this process.
                options.DisconnectedCircuitMaxRetained = 50;
                options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
                options.MaxBufferedUnacknowledgedRenderBatches = 10;
            })
            .AddHubOptions(options =>
            {
                options.MaximumReceiveMessageSize = 32 * 1024;
                options.AddFilter(new CircuitConnection.Filter());
                options.KeepAliveInterval = TimeSpan.FromSeconds(5); // js/start.js takes 12 s of silence for a lost connection
            });
        services.AddMudServices(options => options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight);
        services.AddScoped<ViewerClock>();
        services.AddScoped<ViewerChoices>();
        services.AddScoped<ViewerAttention>();
        services.AddSingleton<AwayNotice>();
        services.AddSingleton<Exports>();
        services.AddSingleton<ErasureActions>();
        return services
            .AddEvents()
            .AddOverview()
            .AddOrders()
            .AddEsims()
            .AddTopUps()
            .AddBalance()
            .AddDeliveries()
            .AddExpected()
            .AddAlerts()
            .AddCases()
            .AddCustomers()
            .AddViews()
            .AddCustomerTexts()
            .AddEsimflyAccount()
            .AddHealth()
            .AddSearch()
            .AddSettings();
    }

    /// <summary>
    /// Says in words why a page could not be had, and to programs in problem documents (RFC 9457). To be used before routing:
    /// the page that says so is found by it.
    /// </summary>
    public static WebApplication UseProblemPages(this WebApplication app)
    {
        app.UseWhen(
            static context => !IsForPrograms(context),
            static pages => pages.UseStatusCodePagesWithReExecute("/problem/{0}", createScopeForStatusCodePages: true)
        );
        app.UseWhen(
            IsForPrograms,
            static programs => programs.UseStatusCodePages(static status => ProblemDocument.WriteAsync(status.HttpContext))
        );
        app.Use(
            static (context, next) =>
            {
                if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
                {
                    context.Request.Method = HttpMethods.Get; // the words are a page, whatever was posted
                    if (context.Request.Path == "/problem/503")
                    {
                        context.User = new(new ClaimsIdentity()); // who asks cannot be looked up, and the page is for everybody
                    }

                    if (context.Request.Path == "/problem/404" && context.User.Identity is { IsAuthenticated: true })
                    {
                        context.Request.Path = "/not-found"; // with the navigation, for those who may use it
                    }
                }

                return next(context);
            }
        );
        var away = app.Services.GetRequiredService<AwayNotice>();
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = static _ => Task.CompletedTask,
                SuppressDiagnosticsCallback = context => away.IsNoted(context.Exception),
                StatusCodeSelector = fault =>
                    fault switch
                    {
                        AccessDeniedException => StatusCodes.Status403Forbidden,
                        _ when away.IsAway(fault) => StatusCodes.Status503ServiceUnavailable,
                        _ => StatusCodes.Status500InternalServerError,
                    },
            }
        );
        return app;
    }

    /// <summary>
    /// Refuses what is asked for under another name than the desk's. To be used after routing: the webhook endpoint and the health checks
    /// have answered then, whatever they were called.
    /// </summary>
    public static WebApplication UseHostGuard(this WebApplication app)
    {
        app.UseMiddleware<HostGuard>();
        return app;
    }

    private static bool IsForPrograms(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || !context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static WebApplication MapDesk(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapOrders();
        app.MapTopUps();
        app.MapAlerts();
        app.MapExpected();
        app.MapEsims();
        app.MapDeliveries();
        // Set for all answers.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
