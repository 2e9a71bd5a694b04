namespace EsimFly.Dashboard.Desk.Customers;

/// <summary>Registers whose orders are.</summary>
internal static class CustomersRoom
{
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddSingleton<CustomerDesk>();
        return services;
    }
}
