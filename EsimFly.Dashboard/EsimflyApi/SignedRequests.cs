using System.Globalization;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>
/// Signs each try of a request by itself, with the present and an id of its own, and counts it: eSIMfly refuses an id that it has seen.
/// </summary>
internal sealed class SignedRequests(ApiBudget budget, TimeProvider time) : DelegatingHandler
{
    /// <summary>The keys to sign with.</summary>
    public static readonly HttpRequestOptionsKey<ApiKeys> Keys = new("esimfly.keys");

    /// <summary>Whether somebody waits for the answer.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsClick = new("esimfly.click");

    /// <inheritdoc/>
    /// <exception cref="BudgetSpentException">There is no request left for now.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Keys, out var with))
        {
            throw new InvalidOperationException("A request to eSIMfly has no keys to be signed with.");
        }

        if (!budget.TryTake(request.Options.TryGetValue(IsClick, out var isClick) && isClick))
        {
            throw new BudgetSpentException();
        }

        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var (nowMs, id) = (time.GetUtcNow().ToUnixTimeMilliseconds(), Guid.NewGuid().ToString());
        Set(request, ApiSignature.AccessCodeHeader, with.AccessCode);
        Set(request, ApiSignature.RequestIdHeader, id);
        Set(request, ApiSignature.TimestampHeader, nowMs.ToString(CultureInfo.InvariantCulture));
        Set(request, ApiSignature.SignatureHeader, ApiSignature.Of(with, nowMs, id, body));
        return await base.SendAsync(request, cancellationToken);
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.Add(name, value);
    }
}

/// <summary>No request is left for now: see <see cref="ApiBudget"/>.</summary>
internal sealed class BudgetSpentException : Exception;
