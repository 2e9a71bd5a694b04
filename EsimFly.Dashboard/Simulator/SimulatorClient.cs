using System.Text.Json;

namespace EsimFly.Dashboard.Simulator;

/// <summary>
/// Sends simulated requests over real HTTP. It follows no redirect and asks no proxy: it reaches only the address that it is given.
/// </summary>
internal sealed class SimulatorClient(TimeProvider time) : IDisposable
{
    /// <summary>eSIMfly's own patience under contract 2026-04, the longer one.</summary>
    public static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(10);

    private const int LongestTitle = 4096;

    private readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = LongestPatience,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LongestTitle,
    };

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SimulatedAnswer> SendAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(),
            waiting,
            patience,
            Timeout.InfiniteTimeSpan
        );
        var started = time.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, waiting.Token);
            var duration = time.GetElapsedTime(started);
            return new SimulatedAnswer((int)response.StatusCode, duration, null) { Says = await TitleOfAsync(response, waiting.Token) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SimulatedAnswer(null, time.GetElapsedTime(started), $"No answer within {patience.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException fault)
        {
            return new SimulatedAnswer(
                null,
                time.GetElapsedTime(started),
                fault.HttpRequestError switch
                {
                    HttpRequestError.ResponseEnded => "The connection ended without an answer.",
                    HttpRequestError.NameResolutionError => "Its name could not be resolved.",
                    HttpRequestError.SecureConnectionError => "Its certificate was not accepted.",
                    HttpRequestError.ConnectionError => "It could not be connected to.",
                    var error => $"It could not be reached: {error}.",
                }
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    // The title of a problem document (RFC 9457): why it was refused, in the receiver's words.
    private static async Task<string?> TitleOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
        {
            return null;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(LongestTitle, cancellationToken);
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return document.RootElement.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.String
                ? title.GetString()
                : null;
        }
        catch (Exception fault) when (fault is JsonException or HttpRequestException or InvalidOperationException)
        {
            return null;
        }
    }
}
