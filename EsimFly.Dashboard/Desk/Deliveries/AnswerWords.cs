using System.Globalization;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>What a request was answered with, as lists show it.</summary>
internal static class AnswerWords
{
    /// <summary>The status; words where none was given (0).</summary>
    public static string Of(int status) => status == 0 ? "none" : status.ToString(CultureInfo.InvariantCulture);
}
