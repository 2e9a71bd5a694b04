using System.Text;

namespace EsimFly.Dashboard.Desk.CustomerTexts;

/// <summary>The texts that come with the desk, in English and Arabic: the files in <c>Texts/</c>.</summary>
internal static class BuiltIn
{
    private static readonly string[] Languages = ["en", "ar"];

    /// <summary>By language and purpose.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<CustomerText, string>> Texts { get; } =
        Languages.ToDictionary(
            static language => language,
            static language =>
                (IReadOnlyDictionary<CustomerText, string>)
                    Enum.GetValues<CustomerText>().ToDictionary(static kind => kind, kind => Read(language, kind)),
            StringComparer.Ordinal
        );

    private static string Read(string language, CustomerText kind)
    {
        using var file =
            typeof(BuiltIn).Assembly.GetManifestResourceStream($"CustomerTexts/{language}/{kind}.txt")
            ?? throw new InvalidOperationException($"The text {kind} in {language} is missing.");
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Trim();
    }
}
