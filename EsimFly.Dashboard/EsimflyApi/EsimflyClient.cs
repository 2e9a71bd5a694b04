using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>
/// Asks eSIMfly's business API. It reads; of all that the API can change, nothing is here but the registration of the webhook. No answer is
/// logged: some carry activation codes.
/// </summary>
internal sealed class EsimflyClient(
    IHttpClientFactory clients,
    ApiKeyStore keys,
    ApiBudget budget,
    IOptions<EsimflyApiOptions> options,
    TimeProvider time
)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "esimfly-api";

    /// <summary>The largest answer that is read, in bytes: a hundred eSIMs with their QR codes.</summary>
    public const int LargestAnswer = 8 * 1024 * 1024;

    /// <summary>The balance, as eSIMfly has it now.</summary>
    /// <param name="isClick">Whether somebody waits for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApiAnswer<ApiBalance>> BalanceAsync(bool isClick, CancellationToken cancellationToken) =>
        AskAsync(keys.Current, "/balance", ApiBalance.Read, isClick, cancellationToken);

    /// <summary>The same with keys that are not set yet, to see whether they are good.</summary>
    public Task<ApiAnswer<ApiBalance>> TryAsync(ApiKeys tried, CancellationToken cancellationToken) =>
        AskAsync(tried, "/balance", ApiBalance.Read, isClick: true, cancellationToken);

    private async Task<ApiAnswer<T>> AskAsync<T>(
        ApiKeys? with,
        string path,
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

        if (!budget.TryTake(isClick))
        {
            return ApiProblem.NoBudget;
        }

        try
        {
            using var request = Sign(with, HttpMethod.Get, path);
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Obey(response.Headers);
            return await ReadAsync(response, read, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is HttpRequestException or TimeoutException || IsTimeout(fault, cancellationToken))
        {
            return ApiProblem.Unreachable;
        }
    }

    private HttpRequestMessage Sign(ApiKeys with, HttpMethod method, string path)
    {
        var (nowMs, id) = (time.GetUtcNow().ToUnixTimeMilliseconds(), Guid.NewGuid().ToString());
        var request = new HttpRequestMessage(method, options.Value.BaseUrl.TrimEnd('/') + path);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add(ApiSignature.AccessCodeHeader, with.AccessCode);
        request.Headers.Add(ApiSignature.RequestIdHeader, id);
        request.Headers.Add(ApiSignature.TimestampHeader, nowMs.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(ApiSignature.SignatureHeader, ApiSignature.Of(with, nowMs, id, []));
        return request;
    }

    private async Task<ApiAnswer<T>> ReadAsync<T>(
        HttpResponseMessage response,
        Func<JsonElement, T?> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
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
                if (code is "RATE_LIMIT_EXCEEDED" or "DAILY_LIMIT_EXCEEDED" || response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    budget.WaitUntil(time.GetUtcNow() + (response.Headers.RetryAfter?.Delta ?? TimeSpan.FromMinutes(1)));
                }

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

    // Nothing left until the reset, by the headers; both forms of it have been documented.
    private void Obey(HttpResponseHeaders headers)
    {
        if (One(headers, "X-RateLimit-Remaining") is not "0" || One(headers, "X-RateLimit-Reset") is not { } reset)
        {
            return;
        }

        if (long.TryParse(reset, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 100_000_000_000)
        {
            budget.WaitUntil(DateTimeOffset.FromUnixTimeSeconds(seconds));
        }
        else if (DateTimeOffset.TryParse(reset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            budget.WaitUntil(instant);
        }
    }

    private TimeSpan? Skew(HttpResponseHeaders headers) => headers.Date is { } theirs ? time.GetUtcNow() - theirs : null;

    private static bool IsTimeout(Exception fault, CancellationToken cancellationToken) =>
        fault is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private static string? One(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
