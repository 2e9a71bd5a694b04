using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>Folds the events of an order, given in the order of their keys. Pure.</summary>
internal static class OrderFold
{
    /// <summary>The state after one more event, which must come after all that <paramref name="state"/> has seen.</summary>
    public static OrderState Apply(OrderState state, FoldEvent next)
    {
        state = Identify(state, next);
        return next.Type switch
        {
            EventType.OrderCreated => Created(state, next),
            EventType.OrderCompleted => Completed(state, next),
            EventType.OrderFailed => Failed(state, next),
            EventType.OrderObserved => Observed(state, next),
            EventType.EsimObserved => state, // it names no order
            _ => EsimSeen(state, next),
        };
    }

    /// <summary>The row that shows a state.</summary>
    /// <param name="state">What the events came to.</param>
    /// <param name="isTest">True for test data.</param>
    /// <param name="orderKey">The order.</param>
    /// <param name="isAmbiguous">Whether it is known by a reference that several order ids bear.</param>
    public static OrderEntity ToRow(OrderState state, bool isTest, string orderKey, bool isAmbiguous)
    {
        var flags = state.Flags;
        if (!state.IsCreated && (state.IsCompletedByName || state is { Status: OrderStatus.Failed, IsFromApi: false }))
        {
            flags |= state.ObservedAtMs is null ? OrderFlags.Stub : OrderFlags.Reconciled;
        }

        flags |= state is { IsCreated: true, IsFromApi: true } ? OrderFlags.Reconciled : OrderFlags.None;
        flags |=
            state is { HasEsimList: true, Quantity: { } quantity } && state.Iccids.Count != quantity
                ? OrderFlags.QuantityMismatch
                : OrderFlags.None;
        flags |= state.IsFromApi ? OrderFlags.FromApi : OrderFlags.None;
        flags |= isAmbiguous ? OrderFlags.AmbiguousReference : OrderFlags.None;
        return new OrderEntity
        {
            IsTest = isTest,
            OrderKey = orderKey,
            OrderId = state.OrderId,
            OrderReference = state.OrderReference,
            OrderIdSearch = SearchKey.Of(state.OrderId),
            OrderReferenceSearch = SearchKey.Of(state.OrderReference),
            OrderIdReversed = SearchKey.Reversed(state.OrderId),
            OrderReferenceReversed = SearchKey.Reversed(state.OrderReference),
            OtherReferences = state.OtherReferences.Count == 0 ? null : string.Join(' ', state.OtherReferences),
            OtherReferencesSearch =
                state.OtherReferences.Count == 0
                    ? null
                    : string.Concat(state.OtherReferences.Select(static reference => " " + SearchKey.Of(reference))),
            Status = state.Status,
            PackageCode = state.PackageCode,
            PackageName = state.PackageName,
            Quantity = state.Quantity,
            Amount = state.Amount,
            Currency = state.Currency,
            ErrorCode = state.ErrorCode,
            ErrorMessage = state.ErrorMessage,
            CanRetry = state.CanRetry,
            CreatedAtMs = state.CreatedAtMs,
            CompletedAtMs = state.CompletedAtMs,
            FailedAtMs = state.FailedAtMs,
            SortAtMs = state.FirstAtMs ?? 0,
            LastEventAtMs = state.LastAtMs,
            ObservedAtMs = state.ObservedAtMs,
            EsimCount = state.Iccids.Count,
            Flags = flags,
            FoldState = FoldJson.Write(state),
        };
    }

    private static OrderState Identify(OrderState state, FoldEvent next)
    {
        var isOtherReference =
            state.OrderReference is not null
            && next.OrderReference is not null
            && !string.Equals(state.OrderReference, next.OrderReference, StringComparison.Ordinal);
        var added = next.Iccids.Except(state.Iccids, StringComparer.Ordinal).ToList(); // each once
        return state with
        {
            OrderId = state.OrderId ?? next.OrderId ?? OrderKeys.IdOf(next.OrderKey),
            OrderReference = state.OrderReference ?? next.OrderReference,
            FirstAtMs = Earlier(state.FirstAtMs ?? next.Facts.PlacedAtMs ?? next.AtMs, next.Facts.PlacedAtMs),
            LastAtMs = next.Type.IsObservation() || state.LastAtMs > next.AtMs ? state.LastAtMs : next.AtMs ?? state.LastAtMs,
            OtherReferences =
                isOtherReference && !state.OtherReferences.Contains(next.OrderReference!, StringComparer.Ordinal)
                    ? [.. state.OtherReferences, next.OrderReference!]
                    : state.OtherReferences,
            Iccids = added.Count == 0 ? state.Iccids : [.. state.Iccids, .. added],
            Flags = state.Flags | (isOtherReference ? OrderFlags.ReferenceConflict : OrderFlags.None),
            Last = next.Key,
        };
    }

    private static OrderState Created(OrderState state, FoldEvent next)
    {
        var facts = next.Facts;
        state = state with
        {
            IsCreated = true,
            IsFromApi = state.IsFromApi && state.Status != OrderStatus.Processing,
            PackageCode = facts.PackageCode ?? state.PackageCode,
            PackageName = facts.PackageName ?? state.PackageName,
            Quantity = ToQuantity(facts.Quantity) ?? state.Quantity,
            Amount = facts.Amount ?? state.Amount,
            Currency = facts.Currency ?? state.Currency,
            CreatedAtMs = state.CreatedAtMs ?? next.AtMs,
        };
        return state.Status == OrderStatus.Failed
            ? WithoutError(state) with
            {
                Status = OrderStatus.Processing,
                IsFromApi = false,
                Flags = state.Flags | OrderFlags.CreatedAgain,
            }
            : state;
    }

    private static OrderState Completed(OrderState state, FoldEvent next)
    {
        var completed = state.Status == OrderStatus.Failed ? WithoutError(state) : state;
        return completed with
        {
            Status = OrderStatus.Completed,
            IsFromApi = false,
            CompletedAtMs = state.IsCompletedByName ? state.CompletedAtMs : next.AtMs ?? state.CompletedAtMs,
            IsCompletedByName = true,
            HasEsimList = state.HasEsimList || next.Facts.Esims is not null,
        };
    }

    // Completed is final: a later failure is an anomaly to be seen, not a state.
    private static OrderState Failed(OrderState state, FoldEvent next)
    {
        var facts = next.Facts;
        var isCompleted = state.Status == OrderStatus.Completed;
        return state with
        {
            Status = isCompleted ? OrderStatus.Completed : OrderStatus.Failed,
            IsFromApi = state.IsFromApi && isCompleted,
            ErrorCode = facts.ErrorCode,
            ErrorMessage = facts.ErrorMessage,
            CanRetry = facts.CanRetry,
            FailedAtMs = next.AtMs,
            Flags = state.Flags | (isCompleted ? OrderFlags.FailedAfterCompleted : OrderFlags.None),
        };
    }

    // As it was when eSIMfly was asked. That an order was not completed yet is no news where it is completed by now.
    private static OrderState Observed(OrderState state, FoldEvent next)
    {
        var facts = next.Facts;
        var isFirst = state.ObservedAtMs is null && !state.IsCreated && state is { Status: OrderStatus.Processing, Iccids.Count: <= 1 };
        state = state with
        {
            PackageCode = state.PackageCode ?? facts.PackageCode,
            PackageName = state.PackageName ?? facts.PackageName,
            Amount = state.Amount ?? facts.Amount,
            Currency = state.Currency ?? facts.Currency,
            CreatedAtMs = state.CreatedAtMs ?? facts.PlacedAtMs,
            ObservedAtMs = next.AtMs,
        };
        return (StatusMeaning.Order(facts.Status), state.Status) switch
        {
            (null, _) => state,
            (OrderStatus.Failed, OrderStatus.Completed) => state with { Flags = state.Flags | OrderFlags.FailedAfterCompleted },
            (OrderStatus.Processing, OrderStatus.Completed or OrderStatus.Cancelled) => state,
            (OrderStatus.Completed, OrderStatus.Cancelled) => state,
            ({ } now, var before) when now == before => state with { IsFromApi = state.IsFromApi || isFirst },
            ({ } now, OrderStatus.Failed) => WithoutError(state) with { Status = now, IsFromApi = true },
            (OrderStatus.Failed, _) => state with
            {
                Status = OrderStatus.Failed,
                FailedAtMs = state.FailedAtMs ?? facts.PlacedAtMs ?? next.AtMs, // when exactly, eSIMfly does not tell
                IsFromApi = true,
            },
            ({ } now, _) => state with { Status = now, IsFromApi = true },
        };
    }

    private static long? Earlier(long? one, long? other) => other < one ? other : one;

    // Contract 2026-04 has no order events in force: that all of an order's eSIMs exist is what its completion looks like.
    private static OrderState EsimSeen(OrderState state, FoldEvent next)
    {
        state = state with
        {
            PackageCode = state.PackageCode ?? next.Facts.PackageCode,
            PackageName = state.PackageName ?? next.Facts.PackageName,
        };
        return state.Status is OrderStatus.Processing or OrderStatus.Failed && state.Iccids.Count >= (state.Quantity ?? 1)
            ? WithoutError(state) with
            {
                Status = OrderStatus.Completed,
                IsFromApi = false,
                CompletedAtMs = next.AtMs,
            }
            : state;
    }

    private static OrderState WithoutError(OrderState state) =>
        state with
        {
            ErrorCode = null,
            ErrorMessage = null,
            CanRetry = null,
            FailedAtMs = null,
        };

    private static int? ToQuantity(decimal? quantity) => quantity is >= 0 and <= 1_000_000 ? (int)quantity.Value : null;
}
