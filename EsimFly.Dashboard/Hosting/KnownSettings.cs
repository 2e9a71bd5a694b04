using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Hosting;

/// <summary>
/// The settings that there are, as the options classes have them: every class with a constant <c>Section</c>. A name that is none of them
/// is a typing error, which would otherwise pass for a setting that does nothing.
/// </summary>
internal static class KnownSettings
{
    private const string SectionField = "Section";
    private const string FileSuffix = "File";
    private const int NearestAtMost = 3;

    private static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Account:Currency"] = "Wholesale:Currency",
        ["Account:DataUnit"] = "Wholesale:DataUnit",
        ["Desk:AllowedOrigins"] = "Access:AllowedOrigins",
        ["Inbox:BatchSize"] = "Intake:BatchSize",
        ["Inbox:QueueCapacity"] = "Intake:QueueCapacity",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly ILookup<string, Type> Sections = typeof(KnownSettings)
        .Assembly.GetTypes()
        .Select(static type => (Type: type, Name: type.GetField(SectionField, BindingFlags.Public | BindingFlags.Static)?.GetValue(null)))
        .Where(static found => found.Name is string)
        .ToLookup(static found => (string)found.Name!, static found => found.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The lists among the settings, such as <c>Webhooks:KnownProxies</c>.</summary>
    public static IEnumerable<string> Lists =>
        from section in Sections
        from type in section
        from property in type.GetProperties()
        where IsList(property.PropertyType)
        select $"{section.Key}:{property.Name}";

    /// <summary>The secrets among the settings, those in lists for each item that is there.</summary>
    public static IEnumerable<string> Secrets(ConfigurationManager configuration) =>
        from section in Sections
        from type in section
        from property in type.GetProperties()
        from secret in SecretsOf(configuration, $"{section.Key}:{property.Name}", property)
        select secret;

    private static IEnumerable<string> SecretsOf(ConfigurationManager configuration, string path, PropertyInfo property)
    {
        if (property.IsDefined(typeof(SecretAttribute)))
        {
            return [path];
        }

        return ElementOf(property.PropertyType) is not { } element
            ? []
            : element
                .GetProperties()
                .Where(static inner => inner.IsDefined(typeof(SecretAttribute)))
                .SelectMany(inner => configuration.GetSection(path).GetChildren().Select(item => $"{item.Path}:{inner.Name}"));
    }

    /// <summary>What is wrong with the names that are set, a sentence each.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        foreach (var setting in configuration.GetChildren().SelectMany(static section => section.GetChildren()))
        {
            if (Renamed.TryGetValue(setting.Path, out var name))
            {
                yield return $"The setting {setting.Path} is now called {name}.";
            }
        }

        foreach (var section in configuration.GetChildren())
        {
            if (Sections.Contains(section.Key))
            {
                foreach (var problem in Problems(section, [.. Sections[section.Key]]))
                {
                    yield return problem;
                }
            }
            else if (section.GetChildren().Any() && Nearest(section.Key, Sections.Select(static known => known.Key)) is { } near)
            {
                yield return $"There are no settings {section.Path}; did you mean {near}?";
            }
        }
    }

    private static IEnumerable<string> Problems(IConfigurationSection section, Type[] types)
    {
        var known = types.SelectMany(static type => type.GetProperties()).Where(static property => IsSetting(property)).ToList();
        foreach (var setting in section.GetChildren())
        {
            var property = known.Find(property => IsNamed(property, setting.Key));
            if (property is null)
            {
                var near = Nearest(setting.Key, known.Select(static property => property.Name));
                yield return near is null
                    ? $"There is no setting {setting.Path}."
                    : $"There is no setting {setting.Path}; did you mean {section.Path}:{near}?";
            }
            else if (ProblemOf(setting, property.PropertyType) is { } wrongKind)
            {
                yield return wrongKind;
            }
            else if (
                ElementOf(property.PropertyType) is { } element
                && element.Assembly == typeof(KnownSettings).Assembly
                && element.IsClass
            )
            {
                foreach (var problem in setting.GetChildren().SelectMany(item => Problems(item, [element])))
                {
                    yield return problem;
                }
            }
        }
    }

    // The binder's own words name types; a number passes there for a word of a list.
    private static string? ProblemOf(IConfigurationSection setting, Type type)
    {
        if (ElementOf(type) is { IsEnum: true } element)
        {
            return setting.GetChildren().Select(item => ProblemOf(item, element)).FirstOrDefault(static problem => problem is not null);
        }

        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (setting.Value is not { } value || (value.Length == 0 && plain != type))
        {
            return null;
        }

        value = value.Trim(); // as the binder does
        var (isGood, form) = plain switch
        {
            { IsEnum: true } => (
                Enum.GetNames(plain).Contains(value, StringComparer.OrdinalIgnoreCase),
                "one of " + string.Join(", ", Enum.GetNames(plain))
            ),
            _ when plain == typeof(bool) => (bool.TryParse(value, out _), "true or false"),
            _ when plain == typeof(int) => (
                int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                $"a whole number of at most {int.MaxValue:#,0}"
            ),
            _ when plain == typeof(long) => (
                long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                "a whole number"
            ),
            _ when plain == typeof(TimeSpan) => (
                TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _),
                "a duration such as 00:00:03"
            ),
            _ => (true, ""),
        };
        return isGood ? null : $"{setting.Path} must be {form}.";
    }

    // A secret may stand in a file: Oidc:ClientSecretFile is a name for Oidc:ClientSecret too.
    private static bool IsNamed(PropertyInfo property, string key) =>
        string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase)
        || (
            property.IsDefined(typeof(SecretAttribute))
            && string.Equals(property.Name + FileSuffix, key, StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsSetting(PropertyInfo property) => property.CanWrite || IsList(property.PropertyType);

    private static bool IsList(Type type) => ElementOf(type) is not null;

    private static Type? ElementOf(Type type) =>
        type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) && type.IsGenericType ? type.GetGenericArguments()[0] : null;

    private static string? Nearest(string name, IEnumerable<string> known) =>
        known
            .Select(candidate => (Name: candidate, Distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(found => found.Distance <= Math.Min(NearestAtMost, found.Name.Length / 3))
            .OrderBy(static found => found.Distance)
            .Select(static found => found.Name)
            .FirstOrDefault();

    // Levenshtein's: how many letters are put in, left out or changed.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
