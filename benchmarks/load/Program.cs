using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Load;

// load COMMAND --name value ...; the result is one line of JSON. See the scripts beside it for their use.
var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (var i = 1; i + 1 < args.Length; i += 2)
{
    options[args[i].TrimStart('-')] = args[i + 1];
}

string Text(string name, string? otherwise = null) =>
    options.GetValueOrDefault(name) ?? otherwise ?? throw new ArgumentException($"--{name} is needed.");
double Number(string name, double? otherwise = null) =>
    double.Parse(Text(name, otherwise?.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

var secret = Environment.GetEnvironmentVariable("ESIMFLY_WEBHOOK_SECRET") ?? "";
var now = DateTimeOffset.UtcNow;
try
{
    return await RunAsync();
}
catch (Exception fault)
{
    Console.Error.WriteLine(fault is AggregateException { InnerException: { } inner } ? inner.Message : fault.Message);
    return 1;
}

async Task<int> RunAsync()
{
    switch (args.FirstOrDefault())
    {
        case "generate":
            Generate();
            return 0;
        case "send":
            Print(
                new Sender(new Uri(Text("url")), secret, (int)Number("connections", 256)).AtRate(
                    Number("rate"),
                    Number("seconds"),
                    Completions()
                )
            );
            return 0;
        case "fill":
            Print(
                new Sender(new Uri(Text("url")), secret, (int)Number("connections", 64)).All(
                    History.Of(Text("prefix", ""), (long)Number("orders"), (long)Number("deliveries"), now),
                    Console.Error
                )
            );
            return 0;
        case "watch":
            var paths = Text("paths").Split(',');
            Print(await Viewers.WatchAsync(new Uri(Text("url")), Text("cookies"), paths, (int)Number("pages"), Console.In));
            return 0;
        default:
            Console.Error.WriteLine("load generate | send | fill | watch");
            return 1;
    }
}

// Each number of an order once, beginning where the caller says: bodies that repeat are duplicates, and cost less.
IEnumerable<Content> Completions()
{
    var prefix = Text("prefix", "");
    for (var order = (long)Number("first", 0); ; order++)
    {
        yield return Deliveries.Completed(prefix, order, now);
    }
}

// Records of four digits, which say how long the request is, and the request.
void Generate()
{
    var writer = new RequestWriter(secret, "127.0.0.1");
    var request = new ArrayBufferWriter<byte>(4096);
    using var file = new BufferedStream(File.Create(Text("file")), 1 << 20);
    Span<byte> length = stackalloc byte[4];
    foreach (var content in Completions().Take((int)Number("count")))
    {
        request.ResetWrittenCount();
        writer.Write(content, request);

        request.WrittenCount.TryFormat(length, out _, "0000", CultureInfo.InvariantCulture);
        file.Write(length);
        file.Write(request.WrittenSpan);
    }
}

static void Print(object result) => Console.WriteLine(JsonSerializer.Serialize(result));
