using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Load;

/// <summary>
/// Open pages without a browser: each is a circuit of its own, over Blazor's hub protocol, that answers what the page's scripts
/// would and says of each batch that it is rendered. A hundred tabs of a real browser would need more of the machine than the
/// product does, and the measurement would be of them.
/// </summary>
internal static partial class Viewers
{
    /// <summary>Opens the pages, prints a line when all are live, and keeps them until the input ends.</summary>
    public static async Task<Dictionary<string, object>> WatchAsync(Uri url, string cookies, string[] paths, int pages, TextReader input)
    {
        var sessions = cookies.Split(',');
        using var end = new CancellationTokenSource();
        var viewers = new List<Viewer>();
        for (var i = 0; i < pages; i++)
        {
            var viewer = new Viewer(new Uri(url, paths[i % paths.Length]), sessions[i % sessions.Length]);
            await viewer.OpenAsync(end.Token);
            viewers.Add(viewer);
        }

        foreach (var viewer in viewers)
        {
            await viewer.Live.WaitAsync(TimeSpan.FromSeconds(60));
        }

        Console.WriteLine("live");
        viewers.ForEach(viewer => viewer.Reset());
        var from = Stopwatch.GetTimestamp();
        await input.ReadToEndAsync();
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var closed = viewers.Where(viewer => viewer.Fault is not null).Select(viewer => viewer.Fault!).ToList();
        var rates = viewers.Select(viewer => viewer.Batches / seconds).Order().ToList();
        var result = new Dictionary<string, object>
        {
            ["pages"] = pages,
            ["closed"] = closed.Count,
            ["why"] = closed.FirstOrDefault() ?? "",
            ["seconds"] = seconds,
            ["leastBatches"] = rates[0],
            ["medianBatches"] = rates[rates.Count / 2],
            ["bytes"] = viewers.Sum(viewer => viewer.Bytes) / seconds,
        };
        await end.CancelAsync();
        return result;
    }

    [GeneratedRegex("<!--Blazor:(?<json>.*?)-->", RegexOptions.Singleline)]
    private static partial Regex Markers { get; }

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>.*?)-->", RegexOptions.Singleline)]
    private static partial Regex State { get; }

    private sealed class Viewer(Uri page, string cookie)
    {
        // A batch that comes when the layout is there and the first rows are read.
        private const int BatchesUntilLive = 5;

        private readonly TaskCompletionSource live = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim turn = new(1);
        private readonly ClientWebSocket socket = new();
        private string operations = "";
        private string state = "";

        public Task Live => live.Task;

        public long Batches { get; private set; }

        public long Bytes { get; private set; }

        public string? Fault { get; private set; }

        public void Reset() => (Batches, Bytes) = (0, 0);

        public async Task OpenAsync(CancellationToken end)
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, page);
            request.Headers.Add("Cookie", cookie);
            request.Headers.Accept.ParseAdd("text/html");
            using var response = await client.SendAsync(request, end);
            var html = await response.Content.ReadAsStringAsync(end);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"{page} answered {(int)response.StatusCode}: it is not signed in.");
            }

            var markers = Markers
                .Matches(html)
                .Select(match => JsonNode.Parse(match.Groups["json"].Value)!.AsObject())
                .Where(marker => marker["type"]?.GetValue<string>() is "server")
                .ToList();
            var all = new JsonArray();
            foreach (var marker in markers)
            {
                all.Add(
                    new JsonObject
                    {
                        ["type"] = "add",
                        ["ssrComponentId"] = all.Count + 1,
                        ["marker"] = marker.DeepClone(),
                    }
                );
            }

            operations = new JsonObject { ["batchId"] = 1, ["operations"] = all }.ToJsonString();
            state = State.Match(html).Groups["state"].Value;

            socket.Options.SetRequestHeader("Cookie", cookie);
            socket.Options.SetRequestHeader("Origin", page.GetLeftPart(UriPartial.Authority));
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions(); // browsers offer it, and it costs the server
            await socket.ConnectAsync(new UriBuilder(new Uri(page, "/_blazor")) { Scheme = "ws" }.Uri, end);
            await SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), end);
            _ = Task.Run(() => ListenAsync(end), CancellationToken.None);
            _ = Task.Run(() => PingAsync(end), CancellationToken.None);
            await InvokeAsync("StartCircuit", "0", end, page.GetLeftPart(UriPartial.Authority) + "/", page.ToString(), "[]", state);
        }

        private async Task ListenAsync(CancellationToken end)
        {
            try
            {
                var buffer = new byte[1 << 16];
                var filled = 0;
                var isGreeted = false;
                while (true)
                {
                    if (filled == buffer.Length)
                    {
                        Array.Resize(ref buffer, buffer.Length * 2);
                    }

                    var received = await socket.ReceiveAsync(buffer.AsMemory(filled), end);
                    if (received.MessageType == WebSocketMessageType.Close)
                    {
                        throw new InvalidOperationException($"The circuit was closed: {socket.CloseStatusDescription}");
                    }

                    filled += received.Count;
                    var at = 0;
                    if (!isGreeted)
                    {
                        at = Array.IndexOf(buffer, (byte)0x1e, 0, filled) + 1;
                        isGreeted = at > 0;
                    }

                    while (isGreeted && TryFrame(buffer.AsSpan(at, filled - at), out var head, out var length))
                    {
                        await HandleAsync(buffer.AsMemory(at + head, length), end);
                        at += head + length;
                    }

                    buffer.AsSpan(at, filled - at).CopyTo(buffer);
                    filled -= at;
                }
            }
            catch (Exception fault)
            {
                if (!end.IsCancellationRequested)
                {
                    Fault = fault.Message;
                    live.TrySetException(fault);
                }
            }
        }

        // Seven bits a byte, the low ones first.
        private static bool TryFrame(ReadOnlySpan<byte> data, out int head, out int length)
        {
            (head, length) = (0, 0);
            while (head < data.Length)
            {
                length |= (data[head] & 0x7f) << (7 * head);
                if ((data[head++] & 0x80) == 0)
                {
                    return data.Length - head >= length;
                }
            }

            return false;
        }

        private async Task HandleAsync(ReadOnlyMemory<byte> message, CancellationToken end)
        {
            var items = (object?[])new Unpacker(message).Read()!;
            switch (Convert.ToInt32(items[0]))
            {
                case 1 when items[3] is "JS.RenderBatch":
                    var batch = (object?[])items[4]!;
                    Batches++;
                    Bytes += message.Length;
                    if (Batches == BatchesUntilLive)
                    {
                        live.TrySetResult();
                    }

                    await InvokeAsync("OnRenderCompleted", null, end, batch[0], null);
                    break;
                case 1 when items[3] is "JS.BeginInvokeJS":
                    var call = (object?[])items[4]!;
                    var result = Convert.ToInt32(call[3]) == 3 ? "null" : AnswerOf((string)call[1]!);
                    await InvokeAsync("EndInvokeJSFromDotNet", null, end, call[0], true, $"[{call[0]},true,{result}]");
                    break;
                case 1 when items[3] is "JS.Error":
                    throw new InvalidOperationException($"The circuit failed: {((object?[])items[4]!)[0]}");
                case 3:
                    await InvokeAsync("UpdateRootComponents", null, end, operations, state);
                    break;
                case 7:
                    throw new InvalidOperationException($"The hub closed: {JsonSerializer.Serialize(items)}");
                default:
                    break; // pings, and what only a browser has a use for
            }
        }

        // What the scripts of the page would say; nothing where they would say nothing.
        private static string AnswerOf(string function) =>
            function switch
            {
                "desk.viewer" => """{"theme":"light","isDark":false,"hidesTests":false,"isNarrow":false,"timeZone":"UTC"}""",
                "desk.watch" or "mudpopoverHelper.countProviders" => "0",
                "desk.alertChoices" => """{"notify":false,"sound":false}""",
                "window.hasOwnProperty" => "true",
                "mudElementRef.getBoundingClientRect" =>
                    """{"x":0,"y":42,"width":215,"height":858,"top":42,"right":215,"bottom":900,"left":0,"""
                        + "\"scrollY\":0,\"scrollX\":0,\"windowHeight\":900,\"windowWidth\":1440}",
                "mudResizeListener.getBrowserWindowSize" => """{"height":900,"width":1440}""",
                _ => "null",
            };

        // A connection that says nothing is taken for lost.
        private async Task PingAsync(CancellationToken end)
        {
            while (!end.IsCancellationRequested && Fault is null)
            {
                await Task.Delay(5000, end);
                await SendAsync([0x02, 0x91, 0x06], end);
            }
        }

        private Task InvokeAsync(string target, string? invocation, CancellationToken end, params object?[] arguments)
        {
            var packer = new Packer();
            packer.Write(new object?[] { 1, new Dictionary<string, string>(), invocation, target, arguments });
            return SendAsync(packer.ToFrame(), end);
        }

        private async Task SendAsync(byte[] bytes, CancellationToken end)
        {
            await turn.WaitAsync(end);
            try
            {
                await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, end);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    /// <summary>As much of MessagePack as the hub protocol reads.</summary>
    private sealed class Unpacker(ReadOnlyMemory<byte> data)
    {
        private int at;

        public object? Read()
        {
            var code = data.Span[at++];
            return code switch
            {
                < 0x80 => (long)code,
                < 0x90 => Map(code & 0x0f),
                < 0xa0 => Many(code & 0x0f),
                < 0xc0 => Text(code & 0x1f),
                0xc0 => null,
                0xc2 => false,
                0xc3 => true,
                0xc4 => Skip((int)Whole(1)),
                0xc5 => Skip((int)Whole(2)),
                0xc6 => Skip((int)Whole(4)),
                0xcc => Whole(1),
                0xcd => Whole(2),
                0xce => Whole(4),
                0xcf or 0xd3 => Whole(8),
                0xd0 => (long)(sbyte)Whole(1),
                0xd1 => (long)(short)Whole(2),
                0xd2 => (long)(int)Whole(4),
                0xd9 => Text((int)Whole(1)),
                0xda => Text((int)Whole(2)),
                0xdb => Text((int)Whole(4)),
                0xdc => Many((int)Whole(2)),
                >= 0xe0 => (long)(sbyte)code,
                _ => throw new InvalidOperationException($"MessagePack of kind {code:x2} is not known here."),
            };
        }

        private long Whole(int bytes)
        {
            long value = 0;
            foreach (var part in data.Span.Slice(at, bytes))
            {
                value = (value << 8) | part;
            }

            at += bytes;
            return value;
        }

        private string Text(int length)
        {
            at += length;
            return Encoding.UTF8.GetString(data.Span.Slice(at - length, length));
        }

        private object? Skip(int length)
        {
            at += length;
            return null;
        }

        private object?[] Many(int count)
        {
            var items = new object?[count];
            for (var i = 0; i < count; i++)
            {
                items[i] = Read();
            }

            return items;
        }

        private object? Map(int count)
        {
            Many(2 * count);
            return null;
        }
    }

    /// <summary>As much of MessagePack as the hub protocol writes.</summary>
    private sealed class Packer
    {
        private readonly List<byte> bytes = [];

        public void Write(object? value)
        {
            switch (value)
            {
                case null:
                    bytes.Add(0xc0);
                    break;
                case bool isTrue:
                    bytes.Add((byte)(isTrue ? 0xc3 : 0xc2));
                    break;
                case int or long:
                    bytes.Add(0xd3);
                    Add(Convert.ToInt64(value), 8);
                    break;
                case string text:
                    var utf8 = Encoding.UTF8.GetBytes(text);
                    bytes.Add(0xdb);
                    Add(utf8.Length, 4);
                    bytes.AddRange(utf8);
                    break;
                case object?[] items:
                    bytes.Add((byte)(0x90 | items.Length));
                    foreach (var item in items)
                    {
                        Write(item);
                    }

                    break;
                default:
                    bytes.Add(0x80); // headers: none
                    break;
            }
        }

        public byte[] ToFrame()
        {
            var head = new List<byte>();
            var length = bytes.Count;
            do
            {
                head.Add((byte)((length & 0x7f) | (length > 0x7f ? 0x80 : 0)));
                length >>= 7;
            } while (length > 0);

            return [.. head, .. bytes];
        }

        private void Add(long value, int count)
        {
            for (var shift = 8 * (count - 1); shift >= 0; shift -= 8)
            {
                bytes.Add((byte)(value >> shift));
            }
        }
    }
}
