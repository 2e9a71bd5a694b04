using System.Buffers;
using System.IO.Pipelines;

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

        // Not by the token: a read that is given up by it stays pending for the server, which then logs an error for each such request.
        await using var end = deadline.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(CancellationToken.None);
                if (read.IsCanceled)
                {
                    reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    request.HttpContext.RequestAborted.ThrowIfCancellationRequested();
                    return ([], Refusal.BodyTooSlow);
                }

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
        catch (IOException fault)
        {
            throw new OperationCanceledException("The sender hung up.", fault); // the server cancels RequestAborted a moment later
        }
    }
}
