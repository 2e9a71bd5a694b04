namespace EsimFly.Dashboard.Desk.Cases;

/// <summary>The questions that every customer is asked first, and their answers.</summary>
internal static class FirstLine
{
    /// <summary>The questions: a code that is stored and never changed, and the words.</summary>
    public static IReadOnlyList<(string Code, string Words)> Questions { get; } =
    [
        ("compatible", "The phone takes eSIMs and is not locked to a network"),
        ("wifi", "It was on Wi-Fi when it was installed"),
        ("roaming", "Data roaming is on for this line"),
        ("apn", "The APN is as the instructions say"),
        ("restarted", "The phone was restarted"),
        ("reinstalled", "The eSIM was deleted and installed again"),
    ];

    /// <summary>The answers as one line of the evidence; null where none was given.</summary>
    public static string? Describe(IReadOnlyDictionary<string, bool> answers)
    {
        var given = Questions.Where(question => answers.ContainsKey(question.Code)).ToList();
        return given.Count == 0
            ? null
            : string.Join("; ", given.Select(question => $"{question.Words}: {(answers[question.Code] ? "yes" : "no")}"));
    }
}
