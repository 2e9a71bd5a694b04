namespace EsimFly.Dashboard.Storage;

/// <summary>A row of the real or of the test world.</summary>
internal interface IOfWorld
{
    /// <summary>True in the test world.</summary>
    bool IsTest { get; }
}

/// <summary>Keeps the rows of one world.</summary>
internal static class OfWorld
{
    /// <summary>
    /// Keeps those of one world, or all where it is null, without searching by it: most rows are real, so an index that begins
    /// with the world must not be preferred to one by state or time. Where such an index is wanted, compare with a variable.
    /// </summary>
    public static IQueryable<TRow> Within<TRow>(this IQueryable<TRow> rows, bool? isTest)
        where TRow : class, IOfWorld =>
        isTest switch
        {
            null => rows,
            true => rows.Where(row => row.IsTest),
            false => rows.Where(row => !row.IsTest),
        };
}
