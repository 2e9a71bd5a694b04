namespace EsimFly.Dashboard.Desk.Wholesale;

/// <summary>Registers what is shown and set of the account at eSIMfly.</summary>
internal static class WholesaleRoom
{
    public static IServiceCollection AddEsimflyAccount(this IServiceCollection services)
    {
        services.AddSingleton<WholesaleAccountActions>();
        services.AddSingleton<WholesaleQueries>();
        return services;
    }
}
