using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EsimFly.Dashboard.EsimflyApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Answers as eSIMfly's API does, and as strictly: signature, time and id of each request are checked as documented.</summary>
internal sealed class EsimflyStandIn : IAsyncDisposable
{
    public const string AccessCode = "esf_test_account";
    public const string SecretKey = "sk_test_secret";

    private static readonly TimeSpan OldestRequest = TimeSpan.FromMinutes(5);

    private readonly WebApplication server;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    private EsimflyStandIn(WebApplication server) => this.server = server;

    public string Address => server.Urls.Single();

    /// <summary>How many requests came.</summary>
    public int Requests { get; private set; }

    /// <summary>What is answered instead, once the request is known to be good; null for what was asked.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>The present as it has it.</summary>
    public Func<DateTimeOffset> Now { get; set; } = static () => DateTimeOffset.UtcNow;

    public static async Task<EsimflyStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var standIn = new EsimflyStandIn(builder.Build());
        standIn.server.Run(standIn.AnswerAsync);
        await standIn.server.StartAsync();
        return standIn;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests++;
        context.Response.Headers.Date = Now().ToString("R", CultureInfo.InvariantCulture);
        if (await RefusalAsync(context) is { } code)
        {
            context.Response.StatusCode = code is "INVALID_REQUEST_ID" or "DUPLICATE_REQUEST" ? 400 : 401;
            await context.Response.WriteAsJsonAsync(
                new
                {
                    success = false,
                    message = code,
                    code,
                }
            );
        }
        else if (Instead is not null)
        {
            await Instead(context);
        }
        else if (context.Request is { Method: "GET", Path.Value: "/balance" })
        {
            await context.Response.WriteAsJsonAsync(
                new
                {
                    success = true,
                    data = new
                    {
                        balance = 1500.25m,
                        currency = "USD",
                        unheard_of = 1,
                    },
                }
            );
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private async Task<string?> RefusalAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var (code, id, at, signature) = (
            headers[ApiSignature.AccessCodeHeader].ToString(),
            headers[ApiSignature.RequestIdHeader].ToString(),
            headers[ApiSignature.TimestampHeader].ToString(),
            headers[ApiSignature.SignatureHeader].ToString()
        );
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (id.Length == 0 || at.Length == 0 || signature.Length == 0)
        {
            return "HMAC_REQUIRED";
        }

        if (code is not AccessCode)
        {
            return "INVALID_API_KEY";
        }

        if (!Guid.TryParse(id, out var guid) || guid.Version != 4)
        {
            return "INVALID_REQUEST_ID";
        }

        if (!seen.Add(id))
        {
            return "DUPLICATE_REQUEST";
        }

        var age = Now() - DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture));
        if (age.Duration() > OldestRequest)
        {
            return "INVALID_TIMESTAMP";
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes(at + id + code), .. body.ToArray()];
        var expected = Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(SecretKey), signed));
        return string.Equals(expected, signature, StringComparison.Ordinal) ? null : "INVALID_SIGNATURE";
    }
}
