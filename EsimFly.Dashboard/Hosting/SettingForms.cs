using System.Globalization;

namespace EsimFly.Dashboard.Hosting;

/// <summary>
/// The other forms that settings may have: a list as one value with commas, and a secret in a file (<c>…File</c>, and
/// <c>ESIMFLY_WEBHOOK_SECRET_FILE</c>), as container hosts mount them.
/// </summary>
internal static class SettingForms
{
    private const string FileSuffix = "File";

    /// <summary>Adds the values of the other forms, above all sources.</summary>
    /// <exception cref="StartException">A file cannot be read.</exception>
    public static void Expand(ConfigurationManager configuration)
    {
        var added = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var list in KnownSettings.Lists)
        {
            var section = configuration.GetSection(list);
            if (section.Value is { Length: > 0 } value)
            {
                var parts = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                for (var i = 0; i < parts.Length; i++)
                {
                    added[string.Create(CultureInfo.InvariantCulture, $"{list}:{i}")] = parts[i];
                }

                added[list] = null;
            }
        }

        foreach (var secret in KnownSettings.Secrets(configuration).ToList())
        {
            AddFromFile(configuration, secret + FileSuffix, secret, added);
        }

        AddFromFile(configuration, "ESIMFLY_WEBHOOK_SECRET_FILE", "ESIMFLY_WEBHOOK_SECRET", added);
        configuration.AddInMemoryCollection(added);
    }

    private static void AddFromFile(ConfigurationManager configuration, string fileKey, string key, Dictionary<string, string?> added)
    {
        if (configuration[fileKey] is not { Length: > 0 } file)
        {
            return;
        }

        try
        {
            added[key] = File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The file that {fileKey} names cannot be read: {fault.Message}");
        }
    }
}
