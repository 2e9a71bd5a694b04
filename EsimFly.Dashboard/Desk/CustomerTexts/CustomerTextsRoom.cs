namespace EsimFly.Dashboard.Desk.CustomerTexts;

/// <summary>Registers the texts for customers.</summary>
internal static class CustomerTextsRoom
{
    public static IServiceCollection AddCustomerTexts(this IServiceCollection services)
    {
        services.AddSingleton<CustomerTextActions>();
        return services;
    }
}
