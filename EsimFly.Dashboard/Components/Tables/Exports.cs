using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Components.Tables;

/// <summary>Writes down who takes a list out of the desk, before they get it.</summary>
internal sealed class Exports(AccessGuard guard, AuditLog audit)
{
    /// <summary>In the address of a file: test data is left out, as in the list that it is of.</summary>
    public const string TestsHidden = "hidden";

    /// <summary>Whether an address asks for test data or live data; null for both.</summary>
    public static bool? EnvironmentOf(string? tests) => string.Equals(tests, TestsHidden, StringComparison.Ordinal) ? false : null;

    // The audit log is permanent.
    private const int LongestFilter = 300;

    /// <summary>Answers with a list that is paged by key, as a file, once it is written down who takes it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="list">Which list; the file is called after it.</param>
    /// <param name="filter">Which rows of it, in words.</param>
    /// <param name="heading">The columns' names.</param>
    /// <param name="readAfter">Reads a page.</param>
    /// <param name="toCells">A row as cells.</param>
    /// <param name="count">How many rows there are; null where that is not known.</param>
    public async Task<IResult> AnswerAsync<TRow>(
        HttpContext context,
        string list,
        string filter,
        string[] heading,
        Func<TRow?, int, Task<PageOf<TRow>>> readAfter,
        Func<TRow, string[]> toCells,
        Func<Task<long>>? count = null
    )
        where TRow : class
    {
        await BeginAsync(context.User, list, filter, context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted);
        return CsvFile.Of(
            context,
            $"{list}.csv",
            heading,
            CsvFile.ReadAllAsync(readAfter).Select(toCells),
            count is null ? null : await count()
        );
    }

    /// <summary>Lets an export begin.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="list">Which list.</param>
    /// <param name="filter">Which rows of it, in words.</param>
    /// <param name="address">Where the request came from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    /// <exception cref="Storage.Writing.StorageUnavailableException">It could not be written down, so nothing is exported.</exception>
    public async Task BeginAsync(ClaimsPrincipal who, string list, string filter, string? address, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Viewer, cancellationToken);
        await audit.WriteAsync(
            new(AuditActions.ListExported, list, filter.Length > LongestFilter ? filter[..LongestFilter] + "…" : filter)
            {
                Actor = actor,
                Address = address,
            },
            cancellationToken
        );
    }
}
