using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>
/// An identity provider of the plainest kind (OpenID Connect Core, code flow with PKCE) that lets everyone in as who the test says.
/// </summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    private readonly RSA key = RSA.Create(2048);
    private readonly WebApplication app;
    private readonly Dictionary<string, (string Nonce, string Challenge)> codes = new(StringComparer.Ordinal);

    private IdentityProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet(
            "/.well-known/openid-configuration",
            () =>
                Results.Json(
                    new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        ["issuer"] = Address,
                        ["authorization_endpoint"] = Address + "/authorize",
                        ["token_endpoint"] = Address + "/token",
                        ["jwks_uri"] = Address + "/keys",
                        ["response_types_supported"] = Only("code"),
                        ["subject_types_supported"] = Only("public"),
                        ["id_token_signing_alg_values_supported"] = Only("RS256"),
                    }
                )
        );
        app.MapGet(
            "/keys",
            () =>
            {
                var parameters = key.ExportParameters(includePrivateParameters: false);
                var jwk = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["kty"] = "RSA",
                    ["kid"] = "test",
                    ["alg"] = "RS256",
                    ["use"] = "sig",
                    ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                    ["e"] = Base64Url.EncodeToString(parameters.Exponent),
                };
                return Results.Json(new Dictionary<string, object>(StringComparer.Ordinal) { ["keys"] = new[] { jwk } });
            }
        );
        app.MapGet(
            "/authorize",
            (HttpRequest request) =>
            {
                var code = Guid.NewGuid().ToString("N");
                codes[code] = (request.Query["nonce"].ToString(), request.Query["code_challenge"].ToString());
                return Results.Redirect(
                    $"{request.Query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(request.Query["state"].ToString())}"
                );
            }
        );
        app.MapPost(
            "/token",
            async (HttpRequest request) =>
            {
                var form = await request.ReadFormAsync();
                if (
                    !codes.Remove(form["code"].ToString(), out var known)
                    || !string.Equals(
                        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))),
                        known.Challenge,
                        StringComparison.Ordinal
                    )
                )
                {
                    return Results.BadRequest();
                }

                return Results.Json(
                    new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        ["access_token"] = "x",
                        ["token_type"] = "Bearer",
                        ["expires_in"] = 60,
                        ["id_token"] = Sign(known.Nonce),
                    }
                );
            }
        );
    }

    public string Address => app.Urls.First();

    /// <summary>What it says of each person who signs in.</summary>
    public Dictionary<string, object> Claims { get; } = new(StringComparer.Ordinal);

    public static async Task<IdentityProvider> StartAsync()
    {
        var provider = new IdentityProvider();
        await provider.app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private string Sign(string nonce)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>(Claims, StringComparer.Ordinal)
        {
            ["iss"] = Address,
            ["aud"] = "desk",
            ["iat"] = now,
            ["exp"] = now + 60,
            ["nonce"] = nonce,
        };
        var header = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["alg"] = "RS256",
            ["kid"] = "test",
            ["typ"] = "JWT",
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string[] Only(string value) => [value];

    private static string Encode(Dictionary<string, object> part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
