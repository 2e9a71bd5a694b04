using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// What people ask for may have a NUL or half of a surrogate pair in it, which the server answers with an error. It keeps no such text
/// (<see cref="PostgresText.Storable"/>), so what stands in their place is asked for: that finds nothing, as it should.
/// </summary>
internal sealed class StorableParameters : DbCommandInterceptor
{
    /// <summary>The one for all contexts.</summary>
    public static StorableParameters Instance { get; } = new();

    /// <inheritdoc/>
    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result
    )
    {
        Mend(command);
        return result;
    }

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        Mend(command);
        return ValueTask.FromResult(result);
    }

    private static void Mend(DbCommand command)
    {
        foreach (DbParameter parameter in command.Parameters)
        {
            parameter.Value = parameter.Value switch
            {
                string text => PostgresText.Storable(text),
                string[] texts => Array.ConvertAll(texts, PostgresText.Storable),
                List<string> texts => texts.ConvertAll(PostgresText.Storable),
                var other => other,
            };
        }
    }
}
