using System.Text;
using System.Text.Json;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>A page of a list, each item as eSIMfly wrote it.</summary>
/// <param name="Items">The items, JSON in UTF-8.</param>
/// <param name="Pages">How many pages there are.</param>
internal sealed record WholesalePage(IReadOnlyList<ReadOnlyMemory<byte>> Items, int Pages)
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
                PagesOf(data)
            )
            : null;

    // Both names have been documented.
    private static int PagesOf(JsonElement data) =>
        data.TryGetProperty("pagination", out var pagination)
        && pagination.ValueKind == JsonValueKind.Object
        && (pagination.TryGetProperty("total_pages", out var pages) || pagination.TryGetProperty("totalPages", out pages))
        && pages.ValueKind == JsonValueKind.Number
        && pages.TryGetInt32(out var count)
            ? count
            : 1;

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
