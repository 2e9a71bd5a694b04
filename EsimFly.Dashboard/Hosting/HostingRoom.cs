using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Hosting;

/// <summary>How the process is set up: where settings come from, where it listens, what a connection may ask of it.</summary>
internal static class HostingRoom
{
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
        return builder;
    }

    /// <summary>Sets the server's limits.</summary>
    public static WebApplicationBuilder AddServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets(); // also when run from a build output outside of Development
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxConcurrentConnections = 2000;
            server.Limits.MaxConcurrentUpgradedConnections = 1000;
            server.Limits.MaxRequestHeaderCount = 64;
            server.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            server.Limits.MaxRequestLineSize = 8 * 1024;
            server.Limits.MaxRequestBodySize = 1024 * 1024;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            server.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.Configure<HstsOptions>(options => options.MaxAge = TimeSpan.FromDays(365));
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }

    /// <summary>Checks all settings at once, before anything is opened.</summary>
    /// <exception cref="OptionsValidationException">A setting is out of its bounds.</exception>
    /// <exception cref="StartException">A setting cannot be read.</exception>
    public static void CheckSettings(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (InvalidOperationException fault)
        {
            // A value that is no number, or no word of its list; the innermost message names it.
            throw new StartException($"{fault.Message} {fault.GetBaseException().Message}");
        }

        foreach (
            var url in (app.Configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(
                ';',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException fault)
            {
                throw new StartException($"The address to listen on cannot be read: {fault.Message}");
            }
        }
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
