using System.Security.Claims;
using EsimFly.Dashboard.Desk.Balance;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EsimFly.Dashboard.Api;

/// <summary>The endpoints of the read API, version 1. Lists are paged by key: pass <c>next_cursor</c> on as <c>after</c>.</summary>
internal static class ReadApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxHours = 7 * 24;

    /// <summary>Maps them onto <paramref name="api"/>.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/orders", OrdersAsync).WithName("ListOrders").WithSummary("Orders, latest first.");
        api.MapGet("/orders/{**idOrReference}", OrderAsync)
            .WithName("GetOrder")
            .WithSummary("One order, by its id or reference.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/esims", EsimsAsync).WithName("ListEsims").WithSummary("eSIMs, latest first.");
        api.MapGet("/esims/{iccid}", EsimAsync)
            .WithName("GetEsim")
            .WithSummary("One eSIM, by its ICCID.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/top-ups", TopUpsAsync).WithName("ListTopUps").WithSummary("Top-ups, latest first.");
        api.MapGet(
                "/balance",
                static async (ClaimsPrincipal who, ApiQueries queries, BalanceQueries balance, CancellationToken cancellationToken) =>
                    TypedResults.Ok(await queries.BalanceAsync(who, balance, cancellationToken))
            )
            .WithName("GetBalance")
            .WithSummary("The balance, as last reported.");
        api.MapGet("/deliveries", DeliveriesAsync).WithName("ListDeliveries").WithSummary("Deliveries, latest first.");
        api.MapGet("/deliveries/{id:long}", DeliveryAsync)
            .WithName("GetDelivery")
            .WithSummary("One delivery, with its body, codes masked, and its arrivals.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/stats", StatsAsync).WithName("GetStats").WithSummary("How deliveries have fared lately.");
        api.MapGet("/{**rest}", static () => NotFound("There is nothing at this address.")).ExcludeFromDescription();
    }

    private static async Task<Results<Ok<ApiPage<ApiOrder>>, ProblemHttpResult>> OrdersAsync(
        ApiQueries queries,
        CancellationToken cancellationToken,
        string? q = null,
        string? status = null,
        [FromQuery(Name = "is_test")] bool? isTest = null,
        string? after = null,
        int limit = DefaultLimit
    )
    {
        if (!Names.TryRead<OrderStatus>(status, out var wanted))
        {
            return Invalid("status", Names.All<OrderStatus>());
        }

        if (!Cursor.TryRead(after, out (long SortAtMs, bool IsTest, string Key)? place))
        {
            return InvalidCursor();
        }

        return TypedResults.Ok(
            await queries.OrdersAsync(
                new OrderFilter(q, wanted, isTest),
                place is { } at ? new OrderPosition(at.SortAtMs, at.Key, at.IsTest) : null,
                Bound(limit),
                cancellationToken
            )
        );
    }

    private static async Task<Results<Ok<ApiOrder>, ProblemHttpResult>> OrderAsync(
        string idOrReference,
        ApiQueries queries,
        CancellationToken cancellationToken,
        [FromQuery(Name = "is_test")] bool? isTest = null
    ) =>
        await queries.OrderAsync(idOrReference.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), isTest, cancellationToken)
            is { } order
            ? TypedResults.Ok(order)
            : NotFound("No order with that id or reference is known.");

    private static async Task<Results<Ok<ApiPage<ApiEsim>>, ProblemHttpResult>> EsimsAsync(
        ApiQueries queries,
        CancellationToken cancellationToken,
        string? q = null,
        string? plan = null,
        [FromQuery(Name = "is_test")] bool? isTest = null,
        string? after = null,
        int limit = DefaultLimit
    )
    {
        if (!Names.TryRead<PlanStatus>(plan, out var wanted))
        {
            return Invalid("plan", Names.All<PlanStatus>());
        }

        if (!Cursor.TryRead(after, out (long SortAtMs, bool IsTest, string Key)? place))
        {
            return InvalidCursor();
        }

        return TypedResults.Ok(
            await queries.EsimsAsync(
                new EsimFilter(q, wanted, isTest),
                place is { } at ? new EsimPosition(at.SortAtMs, at.Key, at.IsTest) : null,
                Bound(limit),
                cancellationToken
            )
        );
    }

    private static async Task<Results<Ok<ApiEsim>, ProblemHttpResult>> EsimAsync(
        string iccid,
        ApiQueries queries,
        CancellationToken cancellationToken,
        [FromQuery(Name = "is_test")] bool? isTest = null
    ) =>
        await queries.EsimAsync(iccid, isTest, cancellationToken) is { } esim
            ? TypedResults.Ok(esim)
            : NotFound("No eSIM with that ICCID is known.");

    private static async Task<Results<Ok<ApiPage<ApiTopUp>>, ProblemHttpResult>> TopUpsAsync(
        ApiQueries queries,
        CancellationToken cancellationToken,
        string? iccid = null,
        string? status = null,
        [FromQuery(Name = "is_test")] bool? isTest = null,
        string? after = null,
        int limit = DefaultLimit
    )
    {
        if (status is not (null or "" or "succeeded" or "failed"))
        {
            return Invalid("status", ["succeeded", "failed"]);
        }

        return Cursor.TryRead(after, out long? place)
            ? TypedResults.Ok(
                await queries.TopUpsAsync(
                    iccid,
                    string.IsNullOrEmpty(status) ? null : status is "succeeded",
                    isTest,
                    place,
                    Bound(limit),
                    cancellationToken
                )
            )
            : InvalidCursor();
    }

    private static async Task<Results<Ok<ApiPage<ApiDelivery>>, ProblemHttpResult>> DeliveriesAsync(
        ClaimsPrincipal who,
        ApiQueries queries,
        CancellationToken cancellationToken,
        string? q = null,
        string? state = null,
        [FromQuery(Name = "event")] string? eventName = null,
        [FromQuery(Name = "is_test")] bool? isTest = null,
        string? after = null,
        int limit = DefaultLimit
    )
    {
        if (!Names.TryRead<DeliveryState>(state, out var wanted))
        {
            return Invalid("state", Names.All<DeliveryState>());
        }

        return Cursor.TryRead(after, out long? place)
            ? TypedResults.Ok(
                await queries.DeliveriesAsync(who, new DeliveryFilter(q, wanted, eventName, isTest), place, Bound(limit), cancellationToken)
            )
            : InvalidCursor();
    }

    private static async Task<Results<Ok<ApiDeliveryDetail>, ProblemHttpResult>> DeliveryAsync(
        long id,
        ClaimsPrincipal who,
        ApiQueries queries,
        CancellationToken cancellationToken
    ) =>
        await queries.DeliveryAsync(who, id, cancellationToken) is { } delivery
            ? TypedResults.Ok(delivery)
            : NotFound("No delivery with that number is known.");

    private static async Task<Ok<ApiStats>> StatsAsync(
        ClaimsPrincipal who,
        ApiQueries queries,
        CancellationToken cancellationToken,
        int hours = 24
    ) => TypedResults.Ok(await queries.StatsAsync(who, Math.Clamp(hours, 1, MaxHours), cancellationToken));

    private static int Bound(int limit) => Math.Clamp(limit, 1, MaxLimit);

    private static ProblemHttpResult NotFound(string title) =>
        TypedResults.Problem(title: title, statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult Invalid(string parameter, IEnumerable<string> names) =>
        TypedResults.Problem(title: $"{parameter} must be one of {string.Join(", ", names)}.", statusCode: StatusCodes.Status400BadRequest);

    private static ProblemHttpResult InvalidCursor() =>
        TypedResults.Problem(title: "after must be the next_cursor of an earlier answer.", statusCode: StatusCodes.Status400BadRequest);
}
