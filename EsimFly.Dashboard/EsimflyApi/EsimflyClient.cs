using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>
/// Asks eSIMfly's business API. It reads; of all that the API can change, nothing is here but the registration of the webhook. No answer is
/// logged: some carry activation codes.
/// </summary>
internal sealed class EsimflyClient(
    IHttpClientFactory clients,
    ApiKeyStore keys,
    ApiBudget budget,
    ApiDeadlines deadlines,
    IOptions<EsimflyApiOptions> options,
    TimeProvider time
)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "esimfly-api";

    /// <summary>The largest answer that is read, in bytes: a hundred eSIMs with their QR codes.</summary>
    public const int LargestAnswer = 8 * 1024 * 1024;

    /// <summary>The balance, as eSIMfly has it now (GET /balance).</summary>
    /// <param name="isClick">Whether somebody waits for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApiAnswer<WholesaleBalance>> BalanceAsync(bool isClick, CancellationToken cancellationToken) =>
        AskAsync(keys.Current, HttpMethod.Get, "/balance", body: null, WholesaleBalance.Read, isClick, cancellationToken);

    /// <summary>The same with keys that are not set yet, to see whether they are good.</summary>
    public Task<ApiAnswer<WholesaleBalance>> TryAsync(ApiKeys tried, CancellationToken cancellationToken) =>
        AskAsync(tried, HttpMethod.Get, "/balance", body: null, WholesaleBalance.Read, isClick: true, cancellationToken);

    /// <summary>A page of the orders that were placed in a span, the oldest first (GET /orders).</summary>
    /// <param name="fromMs">The beginning of the span, Unix milliseconds; null for the first order ever.</param>
    /// <param name="untilMs">Its end; null for the present.</param>
    /// <param name="page">Which page, from 1.</param>
    /// <param name="isClick">Whether somebody waits for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApiAnswer<WholesalePage>> OrdersAsync(
        long? fromMs,
        long? untilMs,
        int page,
        bool isClick,
        CancellationToken cancellationToken
    )
    {
        var query =
            FormattableString.Invariant($"/orders?status=all&sort_by=created_at&sort_order=asc&limit={WholesalePage.Size}&page={page}")
            + Date("from_date", fromMs)
            + Date("to_date", untilMs);
        return AskAsync(
            keys.Current,
            HttpMethod.Get,
            query,
            body: null,
            root => WholesalePage.Read(root, "orders"),
            isClick,
            cancellationToken
        );
    }

    /// <summary>A page of the eSIMs (GET /esims), without pictures of their codes.</summary>
    /// <param name="status">Those of one status, such as <c>ACTIVE</c>, or <c>all</c>.</param>
    /// <param name="page">Which page, from 1.</param>
    /// <param name="isClick">Whether somebody waits for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApiAnswer<WholesalePage>> EsimsAsync(string status, int page, bool isClick, CancellationToken cancellationToken)
    {
        var query = FormattableString.Invariant($"/esims?status={status}&limit={WholesalePage.Size}&page={page}");
        return AskAsync(
            keys.Current,
            HttpMethod.Get,
            query,
            body: null,
            root => WholesalePage.Read(root, "esims"),
            isClick,
            cancellationToken
        );
    }

    /// <summary>The usage of an eSIM as eSIMfly has it stored (GET /esims/usage/query).</summary>
    public Task<ApiAnswer<ApiPart>> UsageAsync(string iccid, bool isClick, CancellationToken cancellationToken) =>
        AskAsync(
            keys.Current,
            HttpMethod.Get,
            "/esims/usage/query?iccid=" + Uri.EscapeDataString(iccid),
            body: null,
            ApiPart.Read,
            isClick,
            cancellationToken
        );

    /// <summary>An eSIM as its network has it now (POST /esims/status). Only because somebody asks.</summary>
    public Task<ApiAnswer<ApiPart>> StatusAsync(string iccid, CancellationToken cancellationToken) =>
        PostAsync("/esims/status", iccid, cancellationToken);

    /// <summary>Its contacts with networks in the last 7 days (POST /esims/network-events). Only because somebody asks.</summary>
    public Task<ApiAnswer<ApiPart>> NetworkEventsAsync(string iccid, CancellationToken cancellationToken) =>
        PostAsync("/esims/network-events", iccid, cancellationToken);

    /// <summary>What it used by day and country in the last 30 days (POST /esims/usage-report). Only because somebody asks.</summary>
    public Task<ApiAnswer<ApiPart>> UsageReportAsync(string iccid, CancellationToken cancellationToken) =>
        PostAsync("/esims/usage-report", iccid, cancellationToken, days: 30);

    /// <summary>The webhook that is registered for these keys, and eSIMfly's count of its latest deliveries (GET /webhooks).</summary>
    public Task<ApiAnswer<ApiWebhooks>> WebhooksAsync(bool isClick, CancellationToken cancellationToken) =>
        AskAsync(keys.Current, HttpMethod.Get, "/webhooks", body: null, ApiWebhooks.Read, isClick, cancellationToken);

    /// <summary>Registers a webhook for these keys (PUT /webhooks): the one request that changes something at eSIMfly.</summary>
    /// <param name="address">Where eSIMfly is to send.</param>
    /// <param name="events">Which events.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What is registered now, with the new secret.</returns>
    public Task<ApiAnswer<ApiWebhookSecret>> SetWebhookAsync(Uri address, IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal) { ["webhook_url"] = address.ToString(), ["events"] = events };
        return AskAsync(keys.Current, HttpMethod.Put, "/webhooks", body, ApiWebhookSecret.Read, isClick: true, cancellationToken);
    }

    private Task<ApiAnswer<ApiPart>> PostAsync(string path, string iccid, CancellationToken cancellationToken, int? days = null)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal) { ["iccid"] = iccid };
        if (days is { } span)
        {
            body["days"] = span;
        }

        return AskAsync(keys.Current, HttpMethod.Post, path, body, ApiPart.Read, isClick: true, cancellationToken);
    }

    private static string Date(string name, long? ms) =>
        ms is { } at
            ? $"&{name}={DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
            : "";

    private async Task<ApiAnswer<T>> AskAsync<T>(
        ApiKeys? with,
        HttpMethod method,
        string path,
        Dictionary<string, object>? body,
        Func<JsonElement, T?> read,
        bool isClick,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (with is null)
        {
            return ApiProblem.NoKeys;
        }

        try
        {
            using var request = new HttpRequestMessage(method, options.Value.BaseUrl.TrimEnd('/') + path);
            request.Headers.Accept.ParseAdd("application/json");
            request.Options.Set(SignedRequests.Keys, with);
            request.Options.Set(SignedRequests.IsClick, isClick);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
                request.Content.Headers.ContentType = new("application/json");
            }

            using var client = clients.CreateClient(ClientName);
            using var deadline = new CancellationTokenSource(isClick ? deadlines.Click : deadlines.Background, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

            // It reads the body, too: one that stalls must not hold up what comes after it.
            using var response = await client.SendAsync(request, either.Token);
            return await ReadAsync(response, read, either.Token);
        }
        catch (BudgetSpentException)
        {
            return ApiProblem.NoBudget;
        }
        catch (Exception fault)
            when (fault is HttpRequestException or TimeoutException or TimeoutRejectedException || IsTimeout(fault, cancellationToken))
        {
            return ApiProblem.Unreachable;
        }
    }

    private async Task<ApiAnswer<T>> ReadAsync<T>(
        HttpResponseMessage response,
        Func<JsonElement, T?> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Obey(response, isLimited: false);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return ApiProblem.Odd(response.StatusCode);
            }

            var hasFailed = root.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.False;
            if (!response.IsSuccessStatusCode || hasFailed)
            {
                var code = Text(root, "code");
                Obey(response, code is "RATE_LIMIT_EXCEEDED" or "DAILY_LIMIT_EXCEEDED");
                return ApiProblem.Of(code, Text(root, "message") ?? Text(root, "error"), response.StatusCode, Skew(response.Headers));
            }

            return read(root) is { } value ? value : ApiProblem.Odd(response.StatusCode);
        }
        catch (JsonException)
        {
            return (int)response.StatusCode >= 500
                ? ApiProblem.Of(null, null, response.StatusCode, skew: null)
                : ApiProblem.Odd(response.StatusCode);
        }
    }

    private void Obey(HttpResponseMessage response, bool isLimited)
    {
        isLimited |= response.StatusCode == HttpStatusCode.TooManyRequests;
        if (WaitHints.Until(response.Headers, response.StatusCode, isLimited, time.GetUtcNow()) is { } until)
        {
            budget.WaitUntil(until);
        }
    }

    private TimeSpan? Skew(HttpResponseHeaders headers) => headers.Date is { } theirs ? time.GetUtcNow() - theirs : null;

    private static bool IsTimeout(Exception fault, CancellationToken cancellationToken) =>
        fault is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
