using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Cases;

/// <summary>What a case is about.</summary>
/// <param name="Kind">An order, an eSIM or an incident.</param>
/// <param name="Key">Which.</param>
/// <param name="IsTest">Whether it is test data.</param>
public sealed record CaseSubject(CaseKind Kind, string Key, bool IsTest = false)
{
    /// <summary>
    /// The key that it had earlier: of an order, that by its reference, under which it is known until its id comes. Null for none.
    /// </summary>
    public string? EarlierKey { get; init; }

    /// <summary>The keys under which something may have been written down.</summary>
    public IReadOnlyList<string> Keys => EarlierKey is null ? [Key] : [Key, EarlierKey];

    /// <summary>Its key among changes.</summary>
    internal string ChangeKey => FormattableString.Invariant($"{Kind} {Key}");

    /// <summary>An order.</summary>
    public static CaseSubject Of(OrderEntity order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return new(CaseKind.Order, order.OrderKey, order.IsTest)
        {
            EarlierKey =
                order.OrderReference is { } reference
                && OrderKeys.OfReference(reference) is var key
                && !string.Equals(key, order.OrderKey, StringComparison.Ordinal)
                    ? key
                    : null,
        };
    }

    /// <summary>An eSIM.</summary>
    public static CaseSubject Of(EsimEntity esim)
    {
        ArgumentNullException.ThrowIfNull(esim);
        return new(CaseKind.Esim, esim.Iccid, esim.IsTest);
    }
}
