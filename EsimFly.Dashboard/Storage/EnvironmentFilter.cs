namespace EsimFly.Dashboard.Storage;

/// <summary>A row of live data or of test data.</summary>
internal interface IHasEnvironment
{
    /// <summary>True for test data.</summary>
    bool IsTest { get; }
}

/// <summary>Keeps the rows of one environment.</summary>
internal static class EnvironmentFilter
{
    /// <summary>
    /// Keeps those of one environment, or all where it is null, without searching by it: most rows are real, so an index that begins
    /// with the environment must not be preferred to one by state or time. Where such an index is wanted, compare with a variable.
    /// </summary>
    public static IQueryable<TRow> Within<TRow>(this IQueryable<TRow> rows, bool? isTest)
        where TRow : class, IHasEnvironment =>
        isTest switch
        {
            null => rows,
            true => rows.Where(row => row.IsTest),
            false => rows.Where(row => !row.IsTest),
        };
}
