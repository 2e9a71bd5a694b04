using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>Viewers see identities of devices and subscribers by their last four digits, wherever they stand.</summary>
public sealed class IdentitiesTests
{
    private const string Eid = "89049032123451234512345678901235";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Viewer", false)]
    [InlineData("Support", true)]
    public async Task Eid_OnTheEsimsPageAndUnderWhatADeliveryChanged_IsWholeForSupportAlone(string role, bool isWhole)
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2026-04/esim.provisioned"));
        await app.DeliverAsync(Signing.Request(Samples.With("2026-04/esim.installed", data => data["eid"] = Eid), Samples.Newer));
        await app.SettleAsync();
        await using var desk = app.OpenReadModel();
        var iccid = (await desk.Esims.FirstAsync(Token)).Iccid;
        var who = await app.JoinAsync(Enum.Parse<AccountRole>(role));

        var detail = (await app.Get<EsimQueries>().FindAsync(who, iccid, isTest: false, Token))!;
        var effects = await app.Get<DeliveryQueries>().EffectsAsync(who, 2, Token);
        var shown = string.Join(
            ' ',
            detail
                .Events.Select(row => row.Facts.Eid + EventLooks.Details(row.Type, row.Facts, "USD"))
                .Concat(effects.SelectMany(effect => effect.Fields).Select(field => field.To))
                .Append(detail.Esim.Eid)
        );

        Assert.Contains("1235", shown, StringComparison.Ordinal);
        Assert.Equal(isWhole, shown.Contains(Eid, StringComparison.Ordinal));
        Assert.Equal(isWhole, shown.Contains("78901235", StringComparison.Ordinal)); // eight of its digits
    }
}
