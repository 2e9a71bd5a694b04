using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Projection;

/// <summary>The rows that one event makes by itself, with nothing to fold: a top-up or a balance reading.</summary>
internal sealed record DirectRows(
    long DeliverySeq,
    bool IsTest,
    byte[] BodyHash,
    EventType Type,
    long? OccurredAtMs,
    string Iccid,
    EventFacts Facts
)
{
    /// <summary>The top-up, or null where the event is none.</summary>
    public TopUpEntity? ToTopUp() =>
        Type is EventType.TopUpCompleted or EventType.TopUpFailed
            ? new TopUpEntity
            {
                DeliverySeq = DeliverySeq,
                IsTest = IsTest,
                Iccid = Iccid,
                Succeeded = Type == EventType.TopUpCompleted,
                PackageCode = Facts.PackageCode,
                PackageName = Facts.PackageName,
                Amount = Facts.Amount,
                NewExpiryMs = Facts.ExpiresAtMs,
                ErrorCode = Facts.ErrorCode,
                ErrorMessage = Facts.ErrorMessage,
                OccurredAtMs = OccurredAtMs,
                SortAtMs = OccurredAtMs ?? 0,
                Currency = Facts.Currency,
            }
            : null;

    /// <summary>The balance reading, or null where the event is none.</summary>
    public BalanceReadingEntity? ToReading() =>
        Type is EventType.BalanceLow or EventType.BalanceObserved
            ? new BalanceReadingEntity
            {
                DeliverySeq = DeliverySeq,
                IsTest = IsTest,
                BodyHash = BodyHash,
                Balance = Facts.Balance,
                Threshold = Facts.Threshold,
                Message = Facts.Message,
                OccurredAtMs = OccurredAtMs ?? 0,
                Currency = Facts.Currency,
                IsObserved = Type == EventType.BalanceObserved,
            }
            : null;
}
