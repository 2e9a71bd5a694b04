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
        flags |= !state.IsCreated && (state.IsCompletedByName || state.Status == OrderStatus.Failed) ? OrderFlags.Stub : OrderFlags.None;
        flags |=
            state is { HasEsimList: true, Quantity: { } quantity } && state.Iccids.Count != quantity
                ? OrderFlags.QuantityMismatch
                : OrderFlags.None;
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
            FirstAtMs = state.FirstAtMs ?? next.AtMs,
            LastAtMs = state.LastAtMs > next.AtMs ? state.LastAtMs : next.AtMs ?? state.LastAtMs,
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
            ErrorCode = facts.ErrorCode,
            ErrorMessage = facts.ErrorMessage,
            CanRetry = facts.CanRetry,
            FailedAtMs = next.AtMs,
            Flags = state.Flags | (isCompleted ? OrderFlags.FailedAfterCompleted : OrderFlags.None),
        };
    }

    // Contract 2026-04 has no order events in force: that all of an order's eSIMs exist is what its completion looks like.
    private static OrderState EsimSeen(OrderState state, FoldEvent next)
    {
        state = state with
        {
            PackageCode = state.PackageCode ?? next.Facts.PackageCode,
            PackageName = state.PackageName ?? next.Facts.PackageName,
        };
        return state.Status != OrderStatus.Completed && state.Iccids.Count >= (state.Quantity ?? 1)
            ? WithoutError(state) with
            {
                Status = OrderStatus.Completed,
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
