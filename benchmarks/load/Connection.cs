using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Load;

/// <summary>A connection that stays open and has one request under way at a time, as a sender of webhooks would.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SocketAsyncEventArgs receive = new();
    private readonly byte[] answer = new byte[8192];
    private readonly Action<Connection, int> answered;
    private int filled;

    /// <param name="address">Where to.</param>
    /// <param name="answered">Called with the status of each answer; 0 where the connection broke.</param>
    public Connection(IPEndPoint address, Action<Connection, int> answered)
    {
        this.answered = answered;
        socket.Connect(address);
        receive.Completed += (_, _) => Received();
    }

    /// <summary>The request under way.</summary>
    public ArrayBufferWriter<byte> Request { get; } = new(2048);

    /// <summary>When it was due, by <see cref="Stopwatch"/>.</summary>
    public long DueAt { get; set; }

    /// <summary>Sends <see cref="Request"/>.</summary>
    public void Send()
    {
        try
        {
            filled = 0;
            var left = Request.WrittenSpan;
            while (left.Length > 0)
            {
                left = left[socket.Send(left)..];
            }

            Listen();
        }
        catch (SocketException)
        {
            answered(this, 0);
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        receive.Dispose();
    }

    private void Listen()
    {
        try
        {
            receive.SetBuffer(answer, filled, answer.Length - filled);
            if (!socket.ReceiveAsync(receive))
            {
                Received();
            }
        }
        catch (ObjectDisposedException)
        {
            answered(this, 0);
        }
    }

    private void Received()
    {
        if (receive.SocketError != SocketError.Success || receive.BytesTransferred == 0)
        {
            answered(this, 0);
            return;
        }

        filled += receive.BytesTransferred;
        var text = answer.AsSpan(0, filled);
        var head = text.IndexOf("\r\n\r\n"u8);
        if (head < 0 || filled < head + 4 + LengthOf(text[..head]))
        {
            Listen();
            return;
        }

        answered(this, ((text[9] - '0') * 100) + ((text[10] - '0') * 10) + (text[11] - '0'));
    }

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        foreach (var line in Encoding.ASCII.GetString(head).Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                return int.Parse(line.AsSpan(15));
            }
        }

        return 0;
    }
}
