using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The rows of both stores, for tests that look at what a delivery has come to.</summary>
internal sealed class BothStores(LogDbContext log, DeskDbContext desk) : IAsyncDisposable
{
    public LogDbContext Log => log;

    public DeskDbContext Desk => desk;

    public IQueryable<DeliveryEntity> Deliveries => desk.Deliveries;

    public IQueryable<ArrivalEntity> Arrivals => desk.Arrivals;

    public IQueryable<FailedTryEntity> FailedTries => desk.FailedTries;

    public IQueryable<EventEntity> Events => desk.Events;

    public IQueryable<EventEsimEntity> EventEsims => desk.EventEsims;

    public IQueryable<OrderEntity> Orders => desk.Orders;

    public IQueryable<EsimEntity> Esims => desk.Esims;

    public IQueryable<TopUpEntity> TopUps => desk.TopUps;

    public IQueryable<BalanceReadingEntity> BalanceReadings => desk.BalanceReadings;

    public IQueryable<RejectedEntity> Rejected => log.Rejected;

    public IQueryable<AlertEntity> Alerts => log.Alerts;

    public IQueryable<AccountEntity> Accounts => log.Accounts;

    public IQueryable<AuditEntity> Audit => log.Audit;

    public IQueryable<ApiTokenEntity> ApiTokens => log.ApiTokens;

    public IQueryable<OneTimeLinkEntity> OneTimeLinks => log.OneTimeLinks;

    public IQueryable<SigningSecretEntity> SigningSecrets => log.SigningSecrets;

    public async ValueTask DisposeAsync()
    {
        await log.DisposeAsync();
        await desk.DisposeAsync();
    }
}
