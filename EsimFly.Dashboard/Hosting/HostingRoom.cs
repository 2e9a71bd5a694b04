using EsimFly.Dashboard.Contract;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Hosting;

/// <summary>How the process is set up: where settings come from, where it listens, what a connection may ask of it.</summary>
internal static class HostingRoom
{
    private const string WebhookUrlKey = "Webhooks:Url";
    private const string SettingsFile = "appsettings.json";

    /// <summary>
    /// Makes the builder. Files are found beside the assembly, wherever the process was started; settings are read once, since
    /// watching for their change would mean watching every write to a database that lies in the same folder.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args) =>
        WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
                ContentRootPath = AppContext.BaseDirectory,
            }
        );

    /// <summary>
    /// Reads <c>appsettings.json</c> from the folder of the running assembly, whatever folder it was started in, as the first
    /// of the sources: environment and command line win.
    /// </summary>
    public static WebApplicationBuilder AddSettings(this WebApplicationBuilder builder)
    {
        var sources = builder.Configuration.Sources;
        foreach (
            var source in sources
                .OfType<JsonConfigurationSource>()
                .Where(source => source.Path?.StartsWith("appsettings", StringComparison.Ordinal) == true)
                .ToList()
        )
        {
            sources.Remove(source);
        }

        sources.Insert(
            0,
            new JsonConfigurationSource
            {
                FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
                Path = SettingsFile,
                Optional = true,
            }
        );
        SettingForms.Expand(builder.Configuration);
        return builder;
    }

    /// <summary>Sets the server's limits.</summary>
    public static WebApplicationBuilder AddServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets(); // also when run from a build output outside of Development
        builder.Services.AddOptions<ServerOptions>().BindConfiguration(ServerOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        builder.Services.AddSingleton<ConnectionLimit>();
        if (builder.Configuration[WebhookUrlKey] is { Length: > 0 } own)
        {
            builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, $"{builder.Configuration[WebHostDefaults.ServerUrlsKey]};{own}");
        }

        builder.WebHost.ConfigureKestrel(server =>
        {
            var services = server.ApplicationServices;
            var limit = services.GetRequiredService<ConnectionLimit>();
            server.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => limit.ServeAsync(connection, next)));
            server.AddServerHeader = false;
            server.Limits.MaxConcurrentConnections = services.GetRequiredService<IOptions<ServerOptions>>().Value.MaxConnections;
            server.Limits.MaxConcurrentUpgradedConnections = 1000;
            server.Limits.MaxRequestHeaderCount = 64;
            server.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            server.Limits.MaxRequestLineSize = 8 * 1024;
            server.Limits.MaxRequestBodySize = 1024 * 1024;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(15); // to the first byte too; WebSockets have signs of life of their own
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.Configure<HstsOptions>(options => options.MaxAge = TimeSpan.FromDays(365));
        builder.Services.AddSingleton(TimeProvider.System);
        // Of the host's console, whose form is a setting: Logging:Console:FormatterName may be json.
        builder.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
            console.SingleLine = false;
        });

        // Why it cannot start is reported in a sentence; the host would add its stack.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // A line for each time that anybody asks; what fails logs that itself.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        return builder;
    }

    /// <summary>Builds the application and checks all settings at once, before anything is opened.</summary>
    /// <exception cref="OptionsValidationException">A setting is out of its bounds.</exception>
    /// <exception cref="StartException">A setting cannot be read.</exception>
    public static WebApplication BuildChecked(this WebApplicationBuilder builder)
    {
        try
        {
            var app = builder.Build(); // reads some of them
            app.CheckSettings();
            return app;
        }
        catch (InvalidOperationException fault) when (fault.GetBaseException() is FormatException or ArgumentException or OverflowException)
        {
            // A value that is no number, or no word of its list; the innermost message names it.
            throw new StartException($"{fault.Message} {fault.GetBaseException().Message}");
        }
    }

    private static void CheckNames(IConfiguration configuration)
    {
        if (KnownSettings.Problems(configuration).ToList() is { Count: > 0 } problems)
        {
            throw new StartException(string.Join(' ', problems));
        }
    }

    private static void CheckSettings(this WebApplication app)
    {
        CheckNames(app.Configuration);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        foreach (
            var url in (app.Configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(
                ';',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
        {
            try
            {
                var address = BindingAddress.Parse(url);
                if (address.Port is < 0 or > ushort.MaxValue)
                {
                    throw new StartException($"The address to listen on, {url}, has a port beyond {ushort.MaxValue}.");
                }
            }
            catch (FormatException fault)
            {
                throw new StartException($"The address to listen on cannot be read: {fault.Message}");
            }
        }
    }

    /// <summary>Where webhooks have an address of their own, nothing but them and the health checks is to be had there.</summary>
    public static void UseWebhookAddress(this WebApplication app)
    {
        if (app.Configuration[WebhookUrlKey] is not { Length: > 0 } own)
        {
            return;
        }

        var port = BindingAddress.Parse(own).Port;
        app.Use(
            (context, next) =>
            {
                if (
                    context.Connection.LocalPort == port
                    && !context.Request.Path.StartsWithSegments(WebhookAddress.Path, StringComparison.OrdinalIgnoreCase)
                    && !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
                )
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }

                return next(context);
            }
        );
    }

    /// <summary>Sets the security headers on every answer, and in Production tells browsers to come by HTTPS alone for a year.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        if (app.Environment.IsProduction())
        {
            app.UseHsts();
        }
    }
}
