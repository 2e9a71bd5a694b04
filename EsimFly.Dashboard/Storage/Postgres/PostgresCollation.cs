using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>How text is compared.</summary>
internal static class PostgresCollation
{
    /// <summary>Compares all text byte by byte, as SQLite does: ids are sorted and searched by their beginnings.</summary>
    public static void CompareByBytes(this ModelBuilder builder)
    {
        foreach (
            var property in builder
                .Model.GetEntityTypes()
                .Where(static entity => !entity.IsMappedToJson())
                .SelectMany(static entity => entity.GetProperties())
                .Where(static property => (property.GetProviderClrType() ?? property.ClrType) == typeof(string))
        )
        {
            property.SetCollation("C");
        }
    }
}
