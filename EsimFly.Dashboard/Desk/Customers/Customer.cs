using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Desk.Customers;

/// <summary>The customer of an order, as the shop knows them. Every part may be missing.</summary>
public sealed record Customer
{
    private const int Longest = 200;

    /// <summary>What they are called.</summary>
    [MaxLength(Longest)]
    public string? Name { get; init; }

    /// <summary>Their e-mail address.</summary>
    [MaxLength(Longest)]
    public string? Email { get; init; }

    /// <summary>The number under which the shop has the order.</summary>
    [MaxLength(Longest)]
    public string? ShopOrder { get; init; }

    /// <summary>The language to write to them in, a BCP 47 tag such as <c>en</c> or <c>ar</c>.</summary>
    public string? Language { get; init; }

    /// <summary>Whether nothing is known.</summary>
    [JsonIgnore]
    public bool IsEmpty => Name is null && Email is null && ShopOrder is null && Language is null;

    /// <summary>The same without blanks around, and without what is empty.</summary>
    public Customer Trimmed() =>
        new()
        {
            Name = Trim(Name),
            Email = Trim(Email),
            ShopOrder = Trim(ShopOrder),
            Language = Trim(Language)?.ToLowerInvariant(),
        };

    /// <summary>What is wrong with it, a sentence each that names its field.</summary>
    /// <param name="nameOf">How the reader calls a field, by its name in the API.</param>
    public IEnumerable<string> Problems(Func<string, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        if (Email is not null && !IsAddress(Email))
        {
            yield return $"{nameOf("email")} is no e-mail address.";
        }

        if (Language is not null && !IsTag(Language))
        {
            yield return $"{nameOf("language")} is no language tag such as en or ar.";
        }

        foreach (var (name, value) in new[] { ("name", Name), ("email", Email), ("shop_order", ShopOrder) })
        {
            if (value?.Length > Longest)
            {
                yield return $"{nameOf(name)} is longer than {Longest} characters.";
            }
        }
    }

    private static bool IsAddress(string text) =>
        text.IndexOf('@') is > 0 and var at && at < text.Length - 1 && !text.Any(char.IsWhiteSpace);

    private static bool IsTag(string text) =>
        text.Length is >= 2 and <= 12 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-');

    /// <inheritdoc/>
    public override string ToString() => nameof(Customer); // a record would print its members

    private static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>The JSON form of a customer, as it is sealed.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Customer))]
internal sealed partial class CustomerJson : JsonSerializerContext;
