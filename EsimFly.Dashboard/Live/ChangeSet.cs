namespace EsimFly.Dashboard.Live;

/// <summary>The changes since a subscriber was last called.</summary>
/// <param name="Changes">Each of them once.</param>
/// <param name="IsPartial">True where there were too many to name: anything may have changed.</param>
internal sealed record ChangeSet(IReadOnlySet<Change> Changes, bool IsPartial)
{
    /// <summary>Whether the named thing has or may have changed, in either environment.</summary>
    public bool Concerns(Topic topic, string key) =>
        IsPartial || Changes.Any(change => change.Topic == topic && string.Equals(change.Key, key, StringComparison.Ordinal));
}
