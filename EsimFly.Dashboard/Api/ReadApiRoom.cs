using System.Text.Json;
using System.Text.Json.Serialization;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Hosting.Observability;
using Microsoft.OpenApi;

namespace EsimFly.Dashboard.Api;

/// <summary>Registers and maps the read API and its OpenAPI document.</summary>
internal static class ReadApiRoom
{
    private const string Version = "v1";
    private const string SchemeName = "api_token";

    public static IServiceCollection AddReadApi(this IServiceCollection services)
    {
        services.AddSingleton<ApiQueries>();
        services.AddSingleton<OpenApiText>();
        services.AddProblemDetails();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false); // 400 in every environment
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.Converters.Add(
                new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
            );
        });
        services.AddOpenApi(
            Version,
            options =>
            {
                options.ShouldInclude = static endpoint => endpoint.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
                options.AddDocumentTransformer(static (document, _, _) => DescribeAsync(document));
            }
        );
        return services;
    }

    public static WebApplication MapReadApi(this WebApplication app)
    {
        ReadApi.Map(Group().RequireAuthorization(Policies.ApiToken));
        CustomerApi.Map(Group());
        app.MapGet("/openapi/v1.json", OpenApiAsync).AllowAnonymous().ExcludeFromDescription(); // what there is, nothing of what is in it
        return app;

        RouteGroupBuilder Group() =>
            app.MapGroup("/api/v1")
                .AddEndpointFilter(
                    static (call, next) =>
                    {
                        call.HttpContext.Response.Headers.CacheControl = "no-store";
                        return next(call);
                    }
                );
    }

    // Made once: it does not change while the process runs, and making it is work that anybody could ask for.
    private static async Task<IResult> OpenApiAsync(OpenApiText text) =>
        TypedResults.Bytes(await text.Value.Value, "application/json; charset=utf-8");

    private static Task DescribeAsync(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "EsimFly.Dashboard read API",
            Version = ProgramVersion.Text,
            Description = "Orders, eSIMs, top-ups, the balance and deliveries, as eSIMfly's webhooks reported them.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A token made under Settings, API tokens.",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SchemeName, document)] = [] }];
        return Task.CompletedTask;
    }
}
