using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The rows of both stores, for tests that look at what a delivery has changed.</summary>
internal sealed class BothStores(LogDbContext log, ReadModelDbContext readModel) : IAsyncDisposable
{
    public LogDbContext Log => log;

    public ReadModelDbContext ReadModel => readModel;

    public IQueryable<DeliveryEntity> Deliveries => readModel.Deliveries;

    public IQueryable<ArrivalEntity> Arrivals => readModel.Arrivals;

    public IQueryable<FailedTryEntity> FailedTries => readModel.FailedTries;

    public IQueryable<EventEntity> Events => readModel.Events;

    public IQueryable<EventEsimEntity> EventEsims => readModel.EventEsims;

    public IQueryable<OrderEntity> Orders => readModel.Orders;

    public IQueryable<EsimEntity> Esims => readModel.Esims;

    public IQueryable<TopUpEntity> TopUps => readModel.TopUps;

    public IQueryable<BalanceReadingEntity> BalanceReadings => readModel.BalanceReadings;

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
        await readModel.DisposeAsync();
    }
}
