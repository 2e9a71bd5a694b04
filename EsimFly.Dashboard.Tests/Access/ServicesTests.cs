using System.Reflection;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>
/// Every method of a service that does something as somebody, called by nobody and by each role. A method that takes who
/// asks must be named here first.
/// </summary>
public sealed class ServicesTests
{
    private static readonly Dictionary<string, AccountRole> Table = new(StringComparer.Ordinal)
    {
        ["CodeReveal.RevealAsync"] = AccountRole.Support,
        ["CodeReveal.RevealBodyAsync"] = AccountRole.Support,
        ["AlertActions.AcknowledgeAsync"] = AccountRole.Support,
        ["AlertActions.ReopenAsync"] = AccountRole.Support,
        ["Exports.BeginAsync"] = AccountRole.Viewer,
        ["TopUpQueries.CountAsync"] = AccountRole.Viewer,
        ["AlertActions.OpenAsync"] = AccountRole.Viewer,
        ["AlertActions.OverAsync"] = AccountRole.Viewer,
        ["BalanceQueries.LatestAsync"] = AccountRole.Viewer,
        ["BalanceQueries.SpentSinceAsync"] = AccountRole.Viewer,
        ["CaseActions.AddNoteAsync"] = AccountRole.Support,
        ["CaseActions.AnswerAsync"] = AccountRole.Support,
        ["CaseActions.ColleaguesAsync"] = AccountRole.Viewer,
        ["CaseActions.ForExportAsync"] = AccountRole.Viewer,
        ["CaseActions.ListAsync"] = AccountRole.Viewer,
        ["CaseActions.ReadAsync"] = AccountRole.Viewer,
        ["CaseActions.SearchAsync"] = AccountRole.Viewer,
        ["CaseActions.SetFollowUpAsync"] = AccountRole.Support,
        ["CaseActions.SetOwnerAsync"] = AccountRole.Support,
        ["CaseActions.TakeAsync"] = AccountRole.Support,
        ["CustomerTextActions.ReadAsync"] = AccountRole.Viewer,
        ["CustomerTextActions.SetAsync"] = AccountRole.Admin,
        ["CustomerActions.FindAsync"] = AccountRole.Support,
        ["CustomerActions.ImportAsync"] = AccountRole.Support,
        ["CustomerActions.SearchAsync"] = AccountRole.Viewer,
        ["CustomerActions.SetAsync"] = AccountRole.Support,
        ["DeliveryQueries.AgainAsync"] = AccountRole.Viewer,
        ["DeliveryQueries.CountAsync"] = AccountRole.Viewer,
        ["DeliveryQueries.EffectsAsync"] = AccountRole.Viewer,
        ["DeliveryQueries.FindAsync"] = AccountRole.Viewer,
        ["DeliveryQueries.ListAsync"] = AccountRole.Viewer,
        ["EsimEvidence.WriteAsync"] = AccountRole.Viewer,
        ["WholesaleQueries.FailedAsync"] = AccountRole.Viewer,
        ["WholesaleQueries.OutageFromAsync"] = AccountRole.Viewer,
        ["WholesaleQueries.ReadAsync"] = AccountRole.Viewer,
        ["BalanceQueries.SpentByHourAsync"] = AccountRole.Viewer,
        ["EsimAsk.AskAsync"] = AccountRole.Support,
        ["EsimAsk.IsConnectedAsync"] = AccountRole.Viewer,
        ["EsimAsk.OpenedAsync"] = AccountRole.Support,
        ["EsimAsk.UsageReportAsync"] = AccountRole.Support,
        ["WholesaleAccountActions.ConnectWebhookAsync"] = AccountRole.Admin,
        ["WholesaleAccountActions.PlanWebhookAsync"] = AccountRole.Admin,
        ["WholesaleAccountActions.ReconcileAsync"] = AccountRole.Support,
        ["WholesaleAccountActions.RunHistoryAsync"] = AccountRole.Admin,
        ["WholesaleAccountActions.RunSoonAsync"] = AccountRole.Admin,
        ["WholesaleAccountActions.ReadAsync"] = AccountRole.Admin,
        ["WholesaleAccountActions.RemoveAsync"] = AccountRole.Admin,
        ["WholesaleAccountActions.SetAsync"] = AccountRole.Admin,
        ["WholesaleAccountActions.TestAsync"] = AccountRole.Admin,
        ["EsimQueries.AgainAsync"] = AccountRole.Viewer,
        ["EsimQueries.CountAsync"] = AccountRole.Viewer,
        ["EsimQueries.FindAsync"] = AccountRole.Viewer,
        ["EsimQueries.ListAsync"] = AccountRole.Viewer,
        ["Evidence.BodyAsync"] = AccountRole.Viewer,
        ["Evidence.WriteAsync"] = AccountRole.Viewer,
        ["HealthQueries.DiskAsync"] = AccountRole.Viewer,
        ["HealthQueries.FactsAsync"] = AccountRole.Viewer,
        ["HealthQueries.InstancesAsync"] = AccountRole.Viewer,
        ["HealthQueries.ReachAsync"] = AccountRole.Viewer,
        ["HealthQueries.StatsAsync"] = AccountRole.Viewer,
        ["MissingQueries.ReadAsync"] = AccountRole.Viewer,
        ["OrderEvidence.WriteAsync"] = AccountRole.Viewer,
        ["OrderQueries.AgainAsync"] = AccountRole.Viewer,
        ["OrderQueries.CountAsync"] = AccountRole.Viewer,
        ["OrderQueries.FailureChoicesAsync"] = AccountRole.Viewer,
        ["OrderQueries.FindAsync"] = AccountRole.Viewer,
        ["OrderQueries.ListAsync"] = AccountRole.Viewer,
        ["OrderQueries.ThresholdsAsync"] = AccountRole.Viewer,
        ["OverviewQueries.FeedAsync"] = AccountRole.Viewer,
        ["OverviewQueries.SetUpAsync"] = AccountRole.Viewer,
        ["ViewActions.ListAsync"] = AccountRole.Viewer,
        ["ViewActions.RemoveAsync"] = AccountRole.Viewer,
        ["ViewActions.SaveAsync"] = AccountRole.Viewer,
        ["OverviewQueries.TotalsAsync"] = AccountRole.Viewer,
        ["PackageQueries.AllAsync"] = AccountRole.Viewer,
        ["RateQueries.CountAsync"] = AccountRole.Viewer,
        ["RejectedQueries.ChoicesAsync"] = AccountRole.Viewer,
        ["RejectedQueries.FindAsync"] = AccountRole.Viewer,
        ["RejectedQueries.ListAsync"] = AccountRole.Viewer,
        ["RetryQueries.OfDeliveryAsync"] = AccountRole.Viewer,
        ["RetryQueries.OfRefusedAsync"] = AccountRole.Viewer,
        ["RetryQueries.ReadAsync"] = AccountRole.Viewer,
        ["SearchQueries.FindAsync"] = AccountRole.Viewer,
        ["SimulatorActions.PublicWebhookAsync"] = AccountRole.Viewer,
        ["SimulatorActions.RehearsalAsync"] = AccountRole.Viewer,
        ["SimulatorActions.SubjectsAsync"] = AccountRole.Viewer,
        ["SimulatorActions.TraceAsync"] = AccountRole.Viewer,
        ["TestData.MeasureAsync"] = AccountRole.Viewer,
        ["AddressActions.ReadAsync"] = AccountRole.Viewer,
        ["ThresholdActions.ReadAsync"] = AccountRole.Viewer,
        ["TopUpQueries.ErrorCodesAsync"] = AccountRole.Viewer,
        ["TopUpQueries.ListAsync"] = AccountRole.Viewer,
        ["ThresholdActions.SetAsync"] = AccountRole.Admin,
        ["RebuildActions.RunAsync"] = AccountRole.Admin,
        ["TestData.DeleteAsync"] = AccountRole.Support,
        ["SimulatorActions.SendAsync"] = AccountRole.Support,
        ["SimulatorActions.PlayAsync"] = AccountRole.Support,
        ["SimulatorActions.StartRetriesAsync"] = AccountRole.Support,
        ["SimulatorActions.StopRetriesAsync"] = AccountRole.Support,
        ["SimulatorActions.RehearseAsync"] = AccountRole.Support,
        ["AddressActions.SetAsync"] = AccountRole.Admin,
        ["DeliveryActions.DiagnoseAsync"] = AccountRole.Viewer,
        ["DeliveryActions.RescueAsync"] = AccountRole.Support,
        ["DeliveryActions.CurlAsync"] = AccountRole.Support,
        ["DataActions.ReadAsync"] = AccountRole.Admin,
        ["DataActions.SetRetentionAsync"] = AccountRole.Admin,
        ["DataActions.CanBackUpAsync"] = AccountRole.Admin,
        ["DataActions.BackUpAsync"] = AccountRole.Admin,
        ["DataActions.RotateKeyAsync"] = AccountRole.Admin,
        ["ErasureActions.PlanAsync"] = AccountRole.Admin,
        ["ErasureActions.EraseAsync"] = AccountRole.Admin,
        ["DeliveryActions.RequeueAsync"] = AccountRole.Support,
        ["AccountActions.ListAsync"] = AccountRole.Admin,
        ["AccountActions.InviteAsync"] = AccountRole.Admin,
        ["AccountActions.SetRoleAsync"] = AccountRole.Admin,
        ["AccountActions.DisableAsync"] = AccountRole.Admin,
        ["AccountActions.EnableAsync"] = AccountRole.Admin,
        ["AccountActions.IssueResetAsync"] = AccountRole.Admin,
        ["ApiTokens.ListAsync"] = AccountRole.Admin,
        ["ApiTokens.CreateAsync"] = AccountRole.Admin,
        ["ApiTokens.RevokeAsync"] = AccountRole.Admin,
        ["RebuildActions.CheckAsync"] = AccountRole.Admin,
        ["SecretActions.ListAsync"] = AccountRole.Admin,
        ["SecretActions.AddAsync"] = AccountRole.Admin,
        ["SecretActions.RotateAsync"] = AccountRole.Admin,
        ["SecretActions.RetireAsync"] = AccountRole.Admin,
        ["AuditQueries.ListAsync"] = AccountRole.Admin,
        ["AuditQueries.ExportAsync"] = AccountRole.Admin,
    };

    // These tell who someone is, or act on the caller's own account only.
    private static readonly string[] Exempt =
    [
        "AccessGuard",
        "SessionCookie",
        "Profile",
        "ExternalSignIn",
        "AccountSignIn",
        "HubSessions",
        "CircuitSession",
        "AccountEndpoints",
        "ReadApi",
        "ApiQueries",
    ];

    // What components may ask without telling who looks: it shows nothing that was received, or belongs to the plain pages before sign-in.
    private static readonly string[] OpenToAll =
    [
        "AccountSignIn",
        "Profile",
        "OneTimeLinks",
        "FirstRun",
        "SetUpKeys",
        "SigningSecrets",
        "Rescue",
        "AccountActions.FindAsync",
        "AccountActions.ChoosePasswordAsync",
        "AccountActions.FollowRoleAsync",
        "AccountActions.EndByProviderAsync",
        "CircuitSession",
        "ChangeNotifier",
        "ReadModelState",
        "RetryRuns",
        "StoragePaths",
        "ViewerChoices",
        "ViewerAttention",
        "Watchers",
        "ViewerClock",
        "ApiTokens.FindAsync",
        "ApiTokens.IsGoodAsync",
    ];

    [Fact]
    public void EveryMethodThatAComponentCanReach_TakesWhoLooks()
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var injected = typeof(Program)
            .Assembly.GetTypes()
            .Where(type => typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type))
            .SelectMany(type => type.GetProperties(Own))
            .Where(property => property.IsDefined(typeof(Microsoft.AspNetCore.Components.InjectAttribute)))
            .Select(property => property.PropertyType)
            .Where(type => type.Assembly == typeof(Program).Assembly)
            .Distinct()
            .ToList();

        var open = injected
            .Where(type => !OpenToAll.Contains(type.Name, StringComparer.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => !method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ClaimsPrincipal)))
            .Select(NameOf)
            .Except(OpenToAll, StringComparer.Ordinal);

        Assert.True(injected.Count > 20, "The components' services were found.");
        Assert.Empty(open);
    }

    [Fact]
    public async Task EveryServiceMethod_IsForItsRoleAndAbove_AndForNobodyElse()
    {
        await using var app = new DashboardApp();
        var methods = Methods().ToList();
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), methods.Select(NameOf).Order(StringComparer.Ordinal));
        var people = new List<(AccountRole? Role, ClaimsPrincipal Who)> { (null, new ClaimsPrincipal(new ClaimsIdentity())) };
        foreach (var role in Enum.GetValues<AccountRole>())
        {
            people.Add((role, await app.JoinAsync(role)));
        }

        // Claims that say more than the database does are worth nothing.
        var forged = new ClaimsIdentity((await app.JoinAsync(AccountRole.Viewer)).Identity);
        forged.AddClaim(new Claim(ClaimTypes.Role, nameof(AccountRole.Admin)));
        people.Add((AccountRole.Viewer, new ClaimsPrincipal(forged)));
        var stale = new ClaimsIdentity((await app.JoinAsync(AccountRole.Admin)).Identity);
        stale.RemoveClaim(stale.FindFirst("AspNet.Identity.SecurityStamp"));
        stale.AddClaim(new Claim("AspNet.Identity.SecurityStamp", "of an earlier time"));
        people.Add((null, new ClaimsPrincipal(stale)));

        foreach (var method in methods)
        {
            var service = app.Services.GetService(method.DeclaringType!)!;
            foreach (var (role, who) in people)
            {
                var refused = await IsRefusedAsync(service, method, who);

                Assert.True(
                    refused == !(role >= Table[NameOf(method)]),
                    $"{NameOf(method)} by {role?.ToString() ?? "nobody"} was {(refused ? "refused" : "let in")}."
                );
            }
        }
    }

    private static async Task<bool> IsRefusedAsync(object service, MethodInfo method, ClaimsPrincipal who)
    {
        var arguments = method
            .GetParameters()
            .Select(parameter =>
                parameter.ParameterType switch
                {
                    var type when type == typeof(ClaimsPrincipal) => who,
                    var type when type == typeof(string) => (object?)"x",
                    var type when string.Equals(type.Name, "AuditFilter", StringComparison.Ordinal) => new AuditFilter(null, null),
                    var type when string.Equals(type.Name, "SimulatedRequest", StringComparison.Ordinal) =>
                        new EsimFly.Dashboard.Simulator.SimulatedRequest
                        {
                            Body = "{}",
                            Contract = EsimFly.Dashboard.Contract.ContractVersion.V2025_11,
                        },
                    var type when type.IsValueType => Activator.CreateInstance(type),
                    _ => null,
                }
            )
            .ToArray();
        try
        {
            await (Task)method.Invoke(service, arguments)!;
            return false;
        }
        catch (AccessDeniedException)
        {
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return false; // let in, and stopped by the arguments
        }
    }

    private static IEnumerable<MethodInfo> Methods() =>
        from type in typeof(Program).Assembly.GetTypes()
        where !Exempt.Contains(type.Name, StringComparer.Ordinal) && !type.IsNested
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ClaimsPrincipal))
        select method;

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
