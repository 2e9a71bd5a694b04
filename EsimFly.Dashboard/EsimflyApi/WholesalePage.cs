using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>A page of a list, each item as eSIMfly wrote it.</summary>
/// <param name="Items">The items that are objects, JSON in UTF-8.</param>
/// <param name="Listed">How many items the page has in all.</param>
/// <param name="Pages">How many pages there are; null where the answer does not say so in a form that can be read.</param>
internal sealed record WholesalePage(IReadOnlyList<ReadOnlyMemory<byte>> Items, int Listed, int? Pages)
{
    /// <summary>How many items a page has at most.</summary>
    public const int Size = 100;

    /// <summary>Reads a page; null where it is none.</summary>
    /// <param name="root">The answer.</param>
    /// <param name="list">What its list is called.</param>
    public static WholesalePage? Read(JsonElement root, string list) =>
        ApiPart.Data(root) is { } data && data.TryGetProperty(list, out var items) && items.ValueKind == JsonValueKind.Array
            ? new(
                [
                    .. items
                        .EnumerateArray()
                        .Where(static item => item.ValueKind == JsonValueKind.Object)
                        .Select(static item => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(item.GetRawText())),
                ],
                items.GetArrayLength(),
                PagesOf(data)
            )
            : null;

    /// <summary>Whether another page is to be asked for: by what it says, and where it is full, whatever it says.</summary>
    /// <param name="page">The number of this one.</param>
    /// <param name="before">The page before it: the same items again are the end, too.</param>
    public bool HasMore(int page, WholesalePage? before) =>
        Listed > 0 && (page < Pages || Listed >= Size) && !(before is not null && IsSameAs(before));

    private bool IsSameAs(WholesalePage other) =>
        Items.Count == other.Items.Count && Items.Zip(other.Items).All(static pair => pair.First.Span.SequenceEqual(pair.Second.Span));

    // Both names have been documented; a number may come as a text, or as 3.0.
    private static int? PagesOf(JsonElement data) =>
        data.TryGetProperty("pagination", out var pagination)
        && pagination.ValueKind == JsonValueKind.Object
        && (pagination.TryGetProperty("total_pages", out var pages) || pagination.TryGetProperty("totalPages", out pages))
        && decimal.TryParse(
            pages.ValueKind == JsonValueKind.String ? pages.GetString() : pages.GetRawText(),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var count
        )
        && count is >= 0 and <= int.MaxValue
            ? (int)count
            : null;

    /// <inheritdoc/>
    public override string ToString() => nameof(WholesalePage); // it may hold codes
}

/// <summary>What eSIMfly answered about one thing, as it wrote it.</summary>
/// <param name="Json">The answer's data, JSON in UTF-8.</param>
internal sealed record ApiPart(ReadOnlyMemory<byte> Json)
{
    /// <summary>Reads an answer; null where it has no data.</summary>
    public static ApiPart? Read(JsonElement root) => Data(root) is { } data ? new(Encoding.UTF8.GetBytes(data.GetRawText())) : null;

    /// <summary>The data of an answer; null where it has none.</summary>
    public static JsonElement? Data(JsonElement root) =>
        root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? data : null;

    /// <inheritdoc/>
    public override string ToString() => nameof(ApiPart); // it may hold codes
}
