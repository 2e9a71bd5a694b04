using EsimFly.Dashboard.EsimflyApi.Sync;

namespace EsimFly.Dashboard.Desk.Wholesale;

/// <summary>What is synchronised, in words.</summary>
internal static class SyncWords
{
    /// <summary>What a job reads, and how often.</summary>
    public static (string What, string When) Of(SyncJob job) =>
        job switch
        {
            SyncJob.Balance => ("Balance", "each hour, and after a failure"),
            SyncJob.Orders => ("New orders, and those that are open", "every 15 minutes"),
            SyncJob.ActiveEsims => ("Active eSIMs", "each night"),
            SyncJob.ExpiringEsims => ("eSIMs that expire soon", "each hour"),
            SyncJob.Webhook => ("Webhook, as eSIMfly counts it", "every 5 minutes"),
            _ => throw new ArgumentOutOfRangeException(nameof(job)),
        };
}
