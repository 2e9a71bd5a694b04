namespace EsimFly.Dashboard.EsimflyApi.Sync;

/// <summary>Takes a few of many, each in its turn: those first that were taken least recently.</summary>
internal sealed class Turns<TKey>
    where TKey : notnull
{
    private const int MostRemembered = 10_000;

    private readonly Dictionary<TKey, long> taken = [];
    private long turn;

    /// <summary>Takes so many of them; what was never taken comes first, in the order given.</summary>
    public IReadOnlyList<TKey> Take(IReadOnlyCollection<TKey> all, int most)
    {
        if (taken.Count > MostRemembered)
        {
            taken.Clear();
        }

        var now = all.Distinct().OrderBy(key => taken.GetValueOrDefault(key)).Take(most).ToList();
        turn++;
        now.ForEach(key => taken[key] = turn);
        return now;
    }
}
