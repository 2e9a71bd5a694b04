using System.Net.Sockets;
using System.Text;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>HTTP/1.1 written by hand over a socket, for what no well-behaved client would send.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient client = new();
    private readonly NetworkStream stream;

    public RawHttp(Uri address)
    {
        client.Connect(address.Host, address.Port);
        stream = client.GetStream();
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Whether the other side ends the connection without an answer.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Ends the connection at once, without a word (a reset).</summary>
    public void Reset() => client.Client.Close(0);

    public void EndSending() => client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The status line, headers and body of the answer.</summary>
    public async Task<(int Status, string Text)> ReadAnswerAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var answer = text.ToString();
            var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && (read == 0 || answer.Length - end - 4 >= LengthOf(answer)))
            {
                return (int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), answer);
            }

            Assert.NotEqual(0, read);
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        client.Dispose();
    }

    private static int LengthOf(string answer)
    {
        const string Header = "Content-Length: ";
        var at = answer.IndexOf(Header, StringComparison.OrdinalIgnoreCase);
        return at < 0
            ? 0
            : int.Parse(
                answer.AsSpan(at + Header.Length, answer.IndexOf('\r', at) - at - Header.Length),
                System.Globalization.CultureInfo.InvariantCulture
            );
    }
}
