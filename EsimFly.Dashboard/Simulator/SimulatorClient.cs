namespace EsimFly.Dashboard.Simulator;

/// <summary>Sends simulated requests over real HTTP. It follows no redirect and asks no proxy: what it is told to reach is all that it reaches.</summary>
internal sealed class SimulatorClient(TimeProvider time) : IDisposable
{
    // eSIMfly's own patience under contract 2026-04, the longer one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = Patience }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a request and waits for its answer.</summary>
    public async Task<SimulatedAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var started = time.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            return new SimulatedAnswer((int)response.StatusCode, time.GetElapsedTime(started), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SimulatedAnswer(null, time.GetElapsedTime(started), $"No answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException fault)
        {
            return new SimulatedAnswer(null, time.GetElapsedTime(started), $"It could not be reached: {fault.HttpRequestError}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
