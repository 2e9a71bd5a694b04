namespace Load;

/// <summary>
/// A year of a reseller, event by event in the order in which they happened. Of a hundred orders 93 complete, 6 fail (half of
/// them twice) and one hangs; 90 are used; some are topped up; plans end after 7 to 60 days. What lies in the future is left out.
/// </summary>
internal static class History
{
    private const double Year = 365;

    // What happens without top-ups, an order.
    private const double WithoutTopUps = 3.7;

    private delegate bool Applies(long order);

    private delegate Content Make(long order, DateTimeOffset at);

    /// <summary>About <paramref name="deliveries"/> of <paramref name="orders"/> orders: top-ups make up the difference.</summary>
    public static IEnumerable<Content> Of(string prefix, long orders, long deliveries, DateTimeOffset now)
    {
        var topUps = Math.Max(0, ((double)deliveries / orders) - WithoutTopUps);
        var gap = TimeSpan.FromDays(Year) / orders;
        var start = now - TimeSpan.FromDays(Year);
        var stages = Stages(prefix, topUps);
        var next = new long[stages.Count];
        for (var k = 0; k < stages.Count; k++)
        {
            next[k] = Skip(stages[k].Applies, 0, orders);
        }

        for (long sent = 0; sent < deliveries; sent++)
        {
            // Each stage is in order by itself: the earliest of their heads is what happens next.
            var first = -1;
            var at = DateTimeOffset.MaxValue;
            for (var k = 0; k < stages.Count; k++)
            {
                if (next[k] < orders && start + (gap * next[k]) + stages[k].After is var then && then < at)
                {
                    (first, at) = (k, then);
                }
            }

            if (first < 0 || at > now)
            {
                yield break;
            }

            yield return stages[first].Make(next[first], at);
            next[first] = Skip(stages[first].Applies, next[first] + 1, orders);
        }
    }

    private static long Skip(Applies applies, long order, long orders)
    {
        while (order < orders && !applies(order))
        {
            order++;
        }

        return order;
    }

    private static List<(TimeSpan After, Applies Applies, Make Make)> Stages(string prefix, double topUps)
    {
        static bool Fails(long order) => order % 100 < 6;
        static bool Hangs(long order) => order % 100 == 6;
        static bool Completes(long order) => order % 100 > 6;
        static bool IsUsed(long order) => order % 100 > 9;

        List<(TimeSpan, Applies, Make)> stages =
        [
            (TimeSpan.Zero, static _ => true, (order, at) => Deliveries.Created(prefix, order, at)),
            (TimeSpan.FromSeconds(10), Fails, (order, at) => Deliveries.Failed(prefix, order, at)),
            (TimeSpan.FromSeconds(95), static order => Fails(order) && order % 2 == 0, (order, at) => Deliveries.Failed(prefix, order, at)),
            (TimeSpan.FromSeconds(15), Completes, (order, at) => Deliveries.Completed(prefix, order, at)),
            (TimeSpan.FromHours(5), IsUsed, static (order, at) => Deliveries.Activated(order, at)),
            (TimeSpan.FromHours(20), static order => order % 100 == 50, static (order, at) => Deliveries.BalanceLow(order, at)),
            (TimeSpan.FromDays(3), static order => order % 20 == 13, static (order, at) => Deliveries.NotToppedUp(order, at)),
        ];
        foreach (var days in new[] { 7, 15, 30, 60 })
        {
            stages.Add(
                (
                    TimeSpan.FromHours(5) + TimeSpan.FromDays(days),
                    order => IsUsed(order) && Deliveries.DaysOf(order) == days && !Hangs(order),
                    static (order, at) => Deliveries.Expired(order, at)
                )
            );
        }

        for (var k = 0; k < topUps; k++)
        {
            // The last of them only for as many orders as the fraction says; of an order that has an eSIM.
            var share = Math.Min(1, topUps - k) / 0.93;
            stages.Add(
                (
                    TimeSpan.FromDays(4) + TimeSpan.FromHours(7 * k),
                    order => Completes(order) && order * 7919 % 1000 < 1000 * share,
                    static (order, at) => Deliveries.ToppedUp(order, at)
                )
            );
        }

        return stages;
    }
}
