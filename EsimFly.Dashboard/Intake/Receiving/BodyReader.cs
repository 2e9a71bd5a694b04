using System.Buffers;

namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>Reads a request's body within a bound of size and time.</summary>
internal static class BodyReader
{
    /// <summary>Reads the whole body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">A larger body is refused, declared or not.</param>
    /// <param name="deadline">Cancelled when the body must be there.</param>
    /// <returns>The body, or why it cannot be had.</returns>
    /// <exception cref="OperationCanceledException">The sender hung up.</exception>
    public static async ValueTask<(byte[] Body, Refusal? Refusal)> ReadAsync(HttpRequest request, int maxBytes, CancellationToken deadline)
    {
        if (request.ContentLength > maxBytes)
        {
            return ([], Refusal.BodyTooLarge);
        }

        var reader = request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(deadline).ConfigureAwait(false);
                if (read.Buffer.Length > maxBytes)
                {
                    reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    return ([], Refusal.BodyTooLarge);
                }

                if (read.IsCompleted)
                {
                    var body = read.Buffer.ToArray();
                    reader.AdvanceTo(read.Buffer.End);
                    return (body, null);
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return ([], Refusal.BodyTooSlow);
        }
        catch (BadHttpRequestException fault)
        {
            return (
                [],
                fault.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge => Refusal.BodyTooLarge,
                    StatusCodes.Status408RequestTimeout => Refusal.BodyTooSlow,
                    _ => Refusal.BodyBroken,
                }
            );
        }
    }
}
