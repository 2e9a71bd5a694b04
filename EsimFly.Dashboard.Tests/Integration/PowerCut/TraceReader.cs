using System.Text;

namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>
/// Reads what strace wrote of one process (<c>-f -y</c>, strings whole), in its order. strace lets one thread at a time go on,
/// so that what happened before something else also stands before it.
/// </summary>
internal sealed class TraceReader(string folder)
{
    /// <summary>What is traced: every call that can change a file or a folder, and those that carry an answer.</summary>
    public const string Calls =
        "openat,openat2,?open,?creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate,"
        + "copy_file_range,sendfile,?rename,?renameat,renameat2,?link,linkat,?symlink,symlinkat,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,"
        + "accept4,accept,sendto,sendmsg";

    private const string Unfinished = " <unfinished ...>";
    private const string Resumed = " resumed>";
    private const string Answer = "HTTP/1.1 200 ";

    // By thread: each is in one call at a time.
    private readonly Dictionary<int, (string Text, SystemCall? Call)> begun = [];

    /// <summary>The steps that matter to the data folder and to the senders.</summary>
    /// <exception cref="NotSupportedException">A file of the folder was changed by a call that the model does not know.</exception>
    public IEnumerable<TraceStep> Read(string file)
    {
        foreach (var line in File.ReadLines(file, Encoding.Latin1))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var thread = StraceText.Number(line[..space]);
            var text = line[space..].TrimStart();
            if (text.StartsWith("+++", StringComparison.Ordinal) || text.StartsWith("---", StringComparison.Ordinal))
            {
                continue;
            }

            SystemCall? call;
            if (text.StartsWith("<... ", StringComparison.Ordinal))
            {
                // What the call gave back is known only now: the sender of an accepted connection.
                begun.Remove(thread, out var first);
                text = first.Text + text[(text.IndexOf(Resumed, StringComparison.Ordinal) + Resumed.Length)..];
                call = first.Call ?? Understand(thread, text);
            }
            else
            {
                var isUnfinished = text.EndsWith(Unfinished, StringComparison.Ordinal);
                text = isUnfinished ? text[..^Unfinished.Length] : text;
                call = Understand(thread, text);
                if (call is not null)
                {
                    yield return new(call, IsEnd: false);
                }

                if (isUnfinished)
                {
                    begun[thread] = (text, call);
                    continue;
                }
            }

            if (call is not null && Succeeded(call, text))
            {
                yield return new(call, IsEnd: true);
            }
        }

        yield return new(new SystemCall { Kind = CallKind.ProcessEnd }, IsEnd: true);
    }

    private static bool Succeeded(SystemCall call, string text)
    {
        var result = ResultOf(text);
        var isGood = char.IsAsciiDigit(result[0]);
        return !isGood || call.Kind != CallKind.Write || StraceText.Number(result) == call.Data.Length
            ? isGood
            : throw new NotSupportedException($"A write that was not whole: {call}");
    }

    // A question mark where the process ended amid the call.
    private static string ResultOf(string text) =>
        text.LastIndexOf(" = ", StringComparison.Ordinal) is >= 0 and var at ? text[(at + 3)..] : "?";

    private SystemCall? Understand(int thread, string text)
    {
        var name = text[..text.IndexOf('(', StringComparison.Ordinal)];
        return name switch
        {
            "accept" or "accept4" => Accepted(text),
            "sendto"
            or "sendmsg"
            or "write"
            or "writev" when text.Contains(Answer, StringComparison.Ordinal) && SocketOf(text) is { } socket => new()
            {
                Kind = CallKind.Acknowledge,
                Thread = thread,
                Path = socket,
            },
            "sendto" or "sendmsg" => null,
            _ => text.Contains(folder, StringComparison.Ordinal) ? OfFiles(thread, name, StraceText.Arguments(text)) : null,
        };
    }

    private static SystemCall? Accepted(string text)
    {
        const string Port = "port=htons(";
        var at = text.IndexOf(Port, StringComparison.Ordinal) + Port.Length;
        if (at < Port.Length)
        {
            return null;
        }

        var port = StraceText.Number(text[at..text.IndexOf(')', at)]);
        return new()
        {
            Kind = CallKind.Accept,
            Path = StraceText.PathOf(ResultOf(text))!,
            Port = port,
        };
    }

    private static string? SocketOf(string text) =>
        StraceText.PathOf(StraceText.Arguments(text)[0]) is { } path && path.StartsWith("socket:", StringComparison.Ordinal) ? path : null;

    private SystemCall? OfFiles(int thread, string name, List<string> arguments)
    {
        var names = arguments.Where(argument => argument.StartsWith('"')).ToList();
        var path = name switch
        {
            "fsync"
            or "fdatasync"
            or "sync_file_range"
            or "ftruncate"
            or "fallocate"
            or "write"
            or "writev"
            or "pwrite64"
            or "pwritev"
            or "pwritev2"
            or "sendfile" => StraceText.PathOf(arguments[0]),
            "copy_file_range" => StraceText.PathOf(arguments[2]),
            _ => Encoding.UTF8.GetString(StraceText.Bytes(names[0])),
        };
        var newPath = name.StartsWith("rename", StringComparison.Ordinal) ? Encoding.UTF8.GetString(StraceText.Bytes(names[1])) : "";
        if (!IsInside(path) && !IsInside(newPath))
        {
            return null;
        }

        return name switch
        {
            "openat" or "open" => new()
            {
                Kind = CallKind.Open,
                Thread = thread,
                Path = path!,
                Creates = arguments.Exists(argument => argument.Contains("O_CREAT", StringComparison.Ordinal)),
                Empties = arguments.Exists(argument => argument.Contains("O_TRUNC", StringComparison.Ordinal)),
            },
            "pwrite64" => new()
            {
                Kind = CallKind.Write,
                Thread = thread,
                Path = path!,
                Data = StraceText.Bytes(arguments[1]),
                Offset = StraceText.Number(arguments[3]),
            },
            "ftruncate" => new()
            {
                Kind = CallKind.Truncate,
                Thread = thread,
                Path = path!,
                Offset = StraceText.Number(arguments[1]),
            },
            "fsync" or "fdatasync" => new()
            {
                Kind = CallKind.Sync,
                Thread = thread,
                Path = path!,
            },
            "rename" or "renameat" or "renameat2" => new()
            {
                Kind = CallKind.Rename,
                Thread = thread,
                Path = path!,
                NewPath = newPath,
            },
            "unlink" or "unlinkat" or "rmdir" => new()
            {
                Kind = CallKind.Remove,
                Thread = thread,
                Path = path!,
            },
            "mkdir" or "mkdirat" => new()
            {
                Kind = CallKind.MakeFolder,
                Thread = thread,
                Path = path!,
            },
            _ => throw new NotSupportedException($"The model of the disk does not know {name}, which changed {path}."),
        };
    }

    private bool IsInside(string? path) => path is not null && path.StartsWith(folder, StringComparison.Ordinal);
}
