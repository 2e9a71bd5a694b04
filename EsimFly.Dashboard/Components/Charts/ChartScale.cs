namespace EsimFly.Dashboard.Components.Charts;

/// <summary>Scales of charts that people can read.</summary>
internal static class ChartScale
{
    /// <summary>A step of 1, 2 or 5 times a power of ten, of which some four make up the most; at least 1.</summary>
    public static int Step(double most)
    {
        var rough = Math.Max(1, most / 4);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var digit = Math.Ceiling(rough / power) switch
        {
            <= 1 => 1,
            <= 2 => 2,
            <= 5 => 5,
            _ => 10,
        };
        return (int)Math.Min(digit * power, int.MaxValue);
    }
}
