// Verifies the signature of the raw body and answers 200. It stores nothing: no receiver on Kestrel can be faster.
using System.Security.Cryptography;
using System.Text;

var secret = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("ESIMFLY_WEBHOOK_SECRET") ?? "");
var ok = "OK"u8.ToArray();

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.MapGet("/health/ready", () => "OK");
app.MapPost(
    "/webhooks/esimfly",
    async (HttpContext context) =>
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        var isGood = Verify(read.Buffer, context.Request.Headers["X-eSIMfly-Signature"].ToString());
        reader.AdvanceTo(read.Buffer.End);
        if (!isGood)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        context.Response.ContentLength = ok.Length;
        await context.Response.Body.WriteAsync(ok);
    }
);
app.Run();

bool Verify(System.Buffers.ReadOnlySequence<byte> body, string signature)
{
    Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
    Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
    if (body.IsSingleSegment)
    {
        HMACSHA256.HashData(secret, body.FirstSpan, expected);
    }
    else
    {
        HMACSHA256.HashData(secret, System.Buffers.BuffersExtensions.ToArray(body), expected);
    }

    return signature.Length == 2 * given.Length
        && Convert.FromHexString(signature, given, out _, out _) == System.Buffers.OperationStatus.Done
        && CryptographicOperations.FixedTimeEquals(expected, given);
}
