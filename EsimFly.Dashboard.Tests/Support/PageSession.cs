using System.Security.Claims;
using Bunit;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MudBlazor.Services;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Who sits before a rendered page.</summary>
internal static class PageSession
{
    private static readonly string[] Policy = [Policies.Viewer, Policies.Support, Policies.Admin];

    /// <summary>Renders pages for an account of that role, which the application knows.</summary>
    public static async Task<ClaimsPrincipal> SignInAsync(this BunitContext context, DashboardApp app, AccountRole role)
    {
        var who = await app.JoinAsync(role);
        var session = context.AddAuthorization();
        session.SetAuthorized(who.Identity!.Name!);
        session.SetClaims([.. who.Claims]);
        session.SetPolicies(Policy[..(int)role]);
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Services.AddMudServices();
        context.Services.AddLogging();
        context.Services.AddSingleton(app.Get<TimeProvider>());
        context.Services.AddScoped<ViewerClock>();
        context.Services.AddScoped<ViewerChoices>();
        context.Services.AddScoped<ViewerAttention>();
        context.Services.AddSingleton(app.Get<AccessGuard>());
        context.Services.AddSingleton(app.Get<AccessNews>());
        context.Services.AddScoped<CircuitSession>();
        context.Services.AddFallbackServiceProvider(new OwnServices(app.Services)); // what pages share is the application's own
        return who;
    }

    /// <summary>The services of the application itself, without the framework's.</summary>
    private sealed class OwnServices(IServiceProvider all) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(HealthCheckService)
            || serviceType.GenericTypeArguments.Append(serviceType).Any(type => type.Assembly == typeof(Program).Assembly)
                ? all.GetService(serviceType)
                : null;
    }
}
