namespace EsimFly.Dashboard.Desk.Views;

/// <summary>Registers saved views.</summary>
internal static class ViewsRoom
{
    public static IServiceCollection AddViews(this IServiceCollection services)
    {
        services.AddSingleton<ViewActions>();
        return services;
    }
}
