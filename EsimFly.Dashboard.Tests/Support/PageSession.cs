using System.Security.Claims;
using Bunit;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Extensions.DependencyInjection;

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
        context.Services.AddSingleton(app.Get<AccessGuard>());
        context.Services.AddScoped<CircuitSession>();
        context.Services.AddOptions<LiveSessionOptions>();
        return who;
    }
}
