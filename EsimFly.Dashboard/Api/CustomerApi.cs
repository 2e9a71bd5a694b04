using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Desk.Customers;
using EsimFly.Dashboard.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EsimFly.Dashboard.Api;

/// <summary>What the shop writes: the customers of its orders.</summary>
internal static class CustomerApi
{
    /// <summary>Maps it onto <paramref name="api"/>.</summary>
    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/orders/{reference}/customer", PutAsync)
            .RequireAuthorization(Policies.ApiWriter)
            .WithName("PutCustomer")
            .WithSummary("Whose an order is, by its id or reference; the order need not be known yet. An empty object takes it back.")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(
        string reference,
        Customer customer,
        ClaimsPrincipal who,
        CustomerActions customers,
        CancellationToken cancellationToken,
        [FromQuery(Name = "is_test")] bool isTest = false
    )
    {
        var name = reference.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Trim();
        var wanted = customer.Trimmed();
        var problems = wanted.Problems(static field => field).ToList();
        if (SearchKey.Of(name) is not { Length: > 0 and <= 200 })
        {
            problems.Insert(0, "The reference has neither letters nor digits, or too many.");
        }

        if (problems.Count > 0)
        {
            return TypedResults.Problem(string.Join(' ', problems), statusCode: StatusCodes.Status400BadRequest);
        }

        await customers.SetAsync(who, name, isTest, wanted, cancellationToken);
        return TypedResults.NoContent();
    }
}
