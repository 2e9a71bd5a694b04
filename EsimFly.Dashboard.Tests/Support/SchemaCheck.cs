using System.Text.Json;
using System.Text.Json.Nodes;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Checks a value against a schema of an OpenAPI 3.1 document, strictly: what is not described is an error too.</summary>
internal sealed class SchemaCheck(JsonNode document)
{
    /// <summary>Checks it.</summary>
    /// <returns>How many values were looked at.</returns>
    public int Check(JsonNode schema, JsonNode? value, string at)
    {
        schema = Resolve(schema);
        if (schema["oneOf"] is JsonArray choices)
        {
            var chosen = choices
                .Select(choice => Resolve(choice!))
                .First(choice => Types(choice).Contains(TypeOf(value), StringComparer.Ordinal));
            return Check(chosen, value, at);
        }

        if (schema["enum"] is JsonArray names)
        {
            Assert.Contains(value?.ToString(), names.Select(name => name?.ToString()), StringComparer.Ordinal);
            return 1;
        }

        var type = TypeOf(value);
        Assert.True(
            Types(schema).Contains(type, StringComparer.Ordinal)
                || (type is "integer" && Types(schema).Contains("number", StringComparer.Ordinal)),
            $"{at} is {type}, described as {schema["type"]?.ToJsonString()}."
        );
        switch (value)
        {
            case JsonObject found:
                var known = schema["properties"]!.AsObject();
                Assert.All(found, field => Assert.True(known.ContainsKey(field.Key), $"{at}.{field.Key} is not described."));
                Assert.All(
                    schema["required"]?.AsArray() ?? [],
                    name => Assert.True(found.ContainsKey(name!.ToString()), $"{at}.{name} is missing.")
                );
                return found.Sum(field => Check(known[field.Key]!, field.Value, $"{at}.{field.Key}"));
            case JsonArray items:
                return items.Sum(item => Check(schema["items"]!, item, at + "[]"));
            default:
                if (value is not null && (string?)schema["format"] is "date-time")
                {
                    Assert.EndsWith("Z", value.ToString(), StringComparison.Ordinal);
                    Assert.True(DateTimeOffset.TryParse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture, out _));
                }

                return 1;
        }
    }

    private JsonNode Resolve(JsonNode schema) =>
        schema["$ref"] is { } reference
            ? Resolve(reference.ToString()[2..].Split('/').Aggregate(document, (node, name) => node[name]!))
            : schema;

    private static IEnumerable<string> Types(JsonNode schema) =>
        schema["type"] switch
        {
            JsonArray types => types.Select(type => type!.ToString()),
            { } type => [type.ToString()],
            null => schema["enum"] is null ? [] : ["string"],
        };

    private static string TypeOf(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
        };
}
