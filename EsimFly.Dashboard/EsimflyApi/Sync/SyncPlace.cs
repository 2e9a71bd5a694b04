namespace EsimFly.Dashboard.EsimflyApi.Sync;

/// <summary>How far a list of many pages was read, so that reading goes on there.</summary>
internal sealed class SyncPlace
{
    /// <summary>The page to be read next, from 1.</summary>
    public int NextPage { get; set; } = 1;

    /// <summary>How many pages are read before others have their turn.</summary>
    public int MostPages { get; init; } = int.MaxValue;

    /// <summary>How many pages there are, where eSIMfly says so.</summary>
    public int? Pages { get; set; }

    /// <summary>Whether the last page was read.</summary>
    public bool IsAtEnd { get; set; }
}
