using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EsimFly.Dashboard.Api;

/// <summary>The OpenAPI document of the read API as it is sent, made when it is first asked for.</summary>
internal sealed class OpenApiText([FromKeyedServices("v1")] IOpenApiDocumentProvider provider)
{
    /// <summary>Its JSON, UTF-8.</summary>
    public Lazy<Task<byte[]>> Value { get; } =
        new(async () =>
        {
            var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
            using var stream = new MemoryStream();
            await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
            return stream.ToArray();
        });
}
