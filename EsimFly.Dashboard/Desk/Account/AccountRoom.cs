namespace EsimFly.Dashboard.Desk.Account;

/// <summary>Registers what is shown and set of the account at eSIMfly.</summary>
internal static class AccountRoom
{
    public static IServiceCollection AddEsimflyAccount(this IServiceCollection services)
    {
        services.AddSingleton<EsimflyAccountActions>();
        services.AddSingleton<AccountQueries>();
        return services;
    }
}
