using System.Globalization;
using EsimFly.Dashboard.Components.Text;

namespace EsimFly.Dashboard.Desk.Balance;

/// <summary>
/// "Will we run dry?": what is left of the last known balance, and for how long. An estimate, and it says from what. Pure.
/// </summary>
/// <param name="SpentSince">What was spent since the reading, by the orders and top-ups received.</param>
/// <param name="Left">The reading less that.</param>
/// <param name="EmptyAtMs">
/// When it will be used up at the pace of late, Unix milliseconds; null where nothing was spent of late, or nothing is left.
/// </param>
/// <param name="Basis">What it rests on, in words.</param>
internal sealed record BalanceOutlook(decimal SpentSince, decimal Left, long? EmptyAtMs, string Basis)
{
    /// <summary>The time over which the pace is measured.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromDays(7);

    private static readonly TimeSpan ShortestPace = TimeSpan.FromHours(1);

    /// <summary>The outlook; null where no balance is known.</summary>
    /// <param name="reading">The latest reading.</param>
    /// <param name="spentSince">What was spent since it.</param>
    /// <param name="spentLately">What was spent within <see cref="Pace"/>.</param>
    /// <param name="paceFromMs">
    /// When that began, or when the first order ever was placed where that is later, Unix milliseconds; null where none was.
    /// </param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    /// <param name="currency">The account's currency.</param>
    public static BalanceOutlook? Of(
        BalanceRow? reading,
        decimal spentSince,
        decimal spentLately,
        long? paceFromMs,
        long nowMs,
        string currency
    )
    {
        if (reading is not { Balance: { } balance, OccurredAtMs: > 0 })
        {
            return null;
        }

        var left = balance - spentSince;
        var hours = paceFromMs is { } from ? (decimal)TimeSpan.FromMilliseconds(nowMs - from).TotalHours : 0;
        if (hours < (decimal)ShortestPace.TotalHours || spentLately <= 0)
        {
            return new BalanceOutlook(
                spentSince,
                left,
                null,
                $"{Dry(left)}Too little was spent in the last 7 days to say when it will be used up. " + PaidIn(reading)
            );
        }

        var perHour = spentLately / hours;
        var emptyAtMs =
            left <= 0
                ? (long?)null
                : nowMs + (long)Math.Min((double)(left / perHour) * 3_600_000, TimeSpan.FromDays(3650).TotalMilliseconds);
        var perDay = Money.Show(decimal.Round(perHour * 24, 2), currency);
        var days = (hours / 24).ToString("0.#", CultureInfo.InvariantCulture);
        return new BalanceOutlook(
            spentSince,
            left,
            emptyAtMs,
            $"{Dry(left)}By the amounts of orders and top-ups of the last {days} days, {perDay} a day. " + PaidIn(reading)
        );
    }

    private static string PaidIn(BalanceRow reading) =>
        reading.IsObserved ? "Money paid in shows with the next reading." : "Money paid in is not reported by webhook.";

    private static string Dry(decimal left) =>
        left <= 0 ? "By what was spent since the reading it is used up already, unless money was paid in. " : "";
}
