namespace EsimFly.Dashboard.Desk.Customers;

/// <summary>Registers the customers of orders.</summary>
internal static class CustomersRoom
{
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddSingleton<CustomerActions>();
        return services;
    }
}
