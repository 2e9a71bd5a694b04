using MudBlazor;

namespace EsimFly.Dashboard.Components.Theme;

/// <summary>The desk's look: calm neutrals, one teal accent, and colours for states that read on both grounds.</summary>
internal static class DashboardTheme
{
    private static readonly string[] Sans = ["Inter", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"];

    public static MudTheme Theme { get; } =
        new()
        {
            PaletteLight = new PaletteLight
            {
                Primary = "#0b6e75",
                Secondary = "#475569",
                Background = "#f6f8f9",
                BackgroundGray = "#eef2f4",
                Surface = "#ffffff",
                AppbarBackground = "#ffffff",
                AppbarText = "#15242b",
                DrawerBackground = "#ffffff",
                DrawerText = "#334a54",
                DrawerIcon = "#5b717b",
                TextPrimary = "#15242b",
                TextSecondary = "#52666f",
                LinesDefault = "#e1e8eb",
                TableLines = "#e7edef",
                Divider = "#e1e8eb",
                Success = "#17714a",
                Warning = "#8f5a00",
                Error = "#b3261e",
                Info = "#1f5fa8",
                Dark = "#52666f",
            },
            PaletteDark = new PaletteDark
            {
                Primary = "#5cc8cf",
                PrimaryContrastText = "#06282b",
                Secondary = "#9fb3bd",
                Background = "#0f171b",
                BackgroundGray = "#131d22",
                Surface = "#172228",
                AppbarBackground = "#131d22",
                AppbarText = "#e6eef1",
                DrawerBackground = "#131d22",
                DrawerText = "#c2d0d6",
                DrawerIcon = "#8aa0aa",
                TextPrimary = "#e6eef1",
                TextSecondary = "#9fb3bd",
                LinesDefault = "#263740",
                TableLines = "#223139",
                Divider = "#263740",
                Success = "#67d19b",
                Warning = "#f0b455",
                Error = "#ff8a80",
                Info = "#8ab8f0",
                Dark = "#9fb3bd",
            },
            Typography = new Typography
            {
                Default = new DefaultTypography
                {
                    FontFamily = Sans,
                    FontSize = ".9rem",
                    FontWeight = "400",
                    LineHeight = "1.5",
                    LetterSpacing = "normal",
                },
                H1 = new H1Typography
                {
                    FontFamily = Sans,
                    FontSize = "1.5rem",
                    FontWeight = "650",
                    LineHeight = "1.25",
                    LetterSpacing = "-.01em",
                },
                H2 = new H2Typography
                {
                    FontFamily = Sans,
                    FontSize = "1.05rem",
                    FontWeight = "600",
                    LineHeight = "1.4",
                    LetterSpacing = "normal",
                },
                H6 = new H6Typography
                {
                    FontFamily = Sans,
                    FontSize = "1rem",
                    FontWeight = "650",
                    LineHeight = "1.4",
                    LetterSpacing = "normal",
                },
                Body1 = new Body1Typography
                {
                    FontFamily = Sans,
                    FontSize = ".9rem",
                    LineHeight = "1.5",
                    LetterSpacing = "normal",
                },
                Body2 = new Body2Typography
                {
                    FontFamily = Sans,
                    FontSize = ".84rem",
                    LineHeight = "1.45",
                    LetterSpacing = "normal",
                },
                Caption = new CaptionTypography
                {
                    FontFamily = Sans,
                    FontSize = ".76rem",
                    LineHeight = "1.4",
                    LetterSpacing = "normal",
                },
                Button = new ButtonTypography
                {
                    FontFamily = Sans,
                    FontSize = ".86rem",
                    FontWeight = "600",
                    TextTransform = "none",
                    LetterSpacing = "normal",
                },
            },
            LayoutProperties = new LayoutProperties
            {
                DefaultBorderRadius = "8px",
                DrawerWidthLeft = "216px",
                AppbarHeight = "56px",
            },
        };
}
