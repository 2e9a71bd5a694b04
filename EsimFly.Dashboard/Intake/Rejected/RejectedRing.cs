using System.Net;
using System.Text;
using System.Threading.Channels;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>
/// The requests that did not become deliveries: 500 of them, 1 MB in all. Nothing unauthenticated grows the disk, and nothing
/// unauthenticated waits for it: what comes too fast is dropped here. Which ones go is <see cref="RingShares"/>' to say.
/// </summary>
internal sealed partial class RejectedRing(
    IDbContextFactory<LogDbContext> contexts,
    LogWriter writer,
    Sealer sealer,
    ChangeNotifier notifier,
    TimeProvider time,
    ILogger<RejectedRing> logger
) : RestartingWorker(time, logger)
{
    /// <summary>How many rows the ring keeps.</summary>
    public const int MaxRows = 500;

    /// <summary>How many bytes the ring keeps.</summary>
    public const int MaxBytes = 1024 * 1024;

    // Deliveries have a few kilobytes. A larger body is cut: its beginning is shown, and it cannot be verified again.
    internal const int LargestBody = 16 * 1024;

    // And one larger than this is kept for another verification, but not shown.
    internal const int LargestShownBody = 8 * 1024;

    private const int RowOverhead = 200;

    private const int MostThatWait = 200;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private const string Insert = """
        INSERT INTO "Rejected" ("ReceivedAtMs", "Status", "Reason", "Address", "DeliveryId", "Headers", "SealedRequest", "SafeBody",
            "Bytes", "Suppressed", "IsTest", "IsSigned", "Sender")
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
        """;

    private const string Weights = """
        SELECT "Id", "Bytes", "Sender", "Reason", "IsSigned", "SealedRequest" IS NOT NULL FROM "Rejected" ORDER BY "Id"
        """;

    private const string Remove = """DELETE FROM "Rejected" WHERE "Id" = @p0""";

    private readonly Channel<RejectedRequest> queue = Channel.CreateBounded<RejectedRequest>(
        new BoundedChannelOptions(64) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    /// <summary>Keeps a request soon; false where too many wait already.</summary>
    public bool TryAdd(RejectedRequest request) => queue.Writer.TryWrite(request);

    /// <summary>Opens the requests that can be verified again, oldest first.</summary>
    public async Task<IReadOnlyList<KeptRequest>> ReadVerifiableAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context
            .Rejected.AsNoTracking()
            .Where(row => row.SealedRequest != null)
            .OrderBy(row => row.Id)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(TryOpen).OfType<KeptRequest>()];
    }

    /// <summary>Opens one request; null where it is gone or cannot be verified again.</summary>
    public async Task<KeptRequest?> FindVerifiableAsync(long id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context
            .Rejected.AsNoTracking()
            .FirstOrDefaultAsync(row => row.Id == id && row.SealedRequest != null, cancellationToken);
        return row is null ? null : Open(row);
    }

    /// <summary>Takes requests out of the ring.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return;
        }

        await writer.WriteAsync(
            transaction =>
            {
                foreach (var id in ids)
                {
                    transaction.Execute(Remove, id);
                }
            },
            cancellationToken
        );
        Publish();
    }

    private void Publish() => notifier.Publish([new Change(Topic.Rejected, "", IsTest: false)]);

    // One whose key is gone must not keep the others from being verified again.
    private KeptRequest? TryOpen(RejectedEntity row)
    {
        try
        {
            return Open(row);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private KeptRequest Open(RejectedEntity row)
    {
        // "Name: value", a line feed, the body: as Weigh sealed them.
        var request = sealer.Open(row.SealedRequest!, SealPurpose.RejectedRequest);
        var end = request.AsSpan().IndexOf((byte)'\n');
        var header = Encoding.UTF8.GetString(request.AsSpan(0, end)).Split(": ", 2);
        return new(
            row.Id,
            row.ReceivedAtMs,
            row.Status,
            row.Address,
            row.DeliveryId,
            row.Headers,
            header[0],
            header[1],
            request.AsMemory(end + 1)
        );
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        await using var registration = stoppingToken.Register(() => queue.Writer.TryComplete());
        var weighed = new List<WeighedRequest>();
        Task<bool>? more = null;
        while (true)
        {
            more ??= queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            if (weighed.Count > 0)
            {
                // Some wait for the storage: it is asked again, whether or not anything new comes.
                await Task.WhenAny(more, Task.Delay(AskAgainAfter, Time, stoppingToken));
            }

            if (weighed.Count == 0 || more.IsCompleted)
            {
                if (!await more)
                {
                    break;
                }

                more = null;
            }

            try
            {
                // Sealing and masking what anyone may have sent is done before the one writer is asked for.
                while (queue.Reader.TryRead(out var request))
                {
                    weighed.Add(Weigh(request));
                }

                await writer.WriteAsync(transaction => Add(transaction, weighed), CancellationToken.None);
                Publish();
            }
            catch (StorageUnavailableException) when (!stoppingToken.IsCancellationRequested)
            {
                // What the storage refused tells afterwards whose retries to expect: the latest wait for it.
                weighed.RemoveRange(0, Math.Max(0, weighed.Count - MostThatWait));
                continue;
            }
            catch (Exception fault)
            {
                // The edge of a worker: a rejected request is not worth the process, nor another try.
                Log.NotKept(logger, weighed.Count, fault);
            }

            weighed.Clear();
        }
    }

    private WeighedRequest Weigh(RejectedRequest request)
    {
        var sealedRequest =
            request.Body.Length is > 0 and <= LargestBody && request.Signature is { } signature
                ? sealer.Seal([.. Encoding.UTF8.GetBytes(signature), (byte)'\n', .. request.Body.Span], SealPurpose.RejectedRequest)
                : null;
        var safeBody = request.Body.Length is > 0 and <= LargestShownBody ? CodeMask.MaskBody(request.Body.Span) : null;
        var bytes =
            RowOverhead
            + Encoding.UTF8.GetByteCount(request.Headers)
            + (sealedRequest?.Length ?? 0)
            + Encoding.UTF8.GetByteCount(safeBody ?? "");
        return new(request, sealedRequest, safeBody, bytes);
    }

    private static void Add(WriteTransaction transaction, List<WeighedRequest> weighed)
    {
        foreach (var (request, sealedRequest, safeBody, bytes) in weighed)
        {
            transaction.Execute(
                Insert,
                request.ReceivedAtMs,
                request.Status,
                request.Reason,
                request.Address,
                request.DeliveryId,
                request.Headers,
                sealedRequest,
                safeBody,
                bytes,
                request.Suppressed,
                request.IsTest,
                request.IsSigned,
                SenderNetwork.Of(IPAddress.TryParse(request.Address, out var address) ? address : null)
            );
        }

        var kept = transaction.Query(
            Weights,
            static row => new RingRow(
                row.GetInt64(0),
                row.GetInt64(1),
                row.GetString(2),
                RingShares.KindOf(row.GetString(3), row.GetBoolean(4), row.GetBoolean(5))
            )
        );
        foreach (var id in RingShares.ToRemove([.. kept], MaxRows, MaxBytes))
        {
            transaction.Execute(Remove, id);
        }
    }

    private sealed record WeighedRequest(RejectedRequest Request, byte[]? SealedRequest, string? SafeBody, int Bytes);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Count} rejected requests were not kept.")]
        public static partial void NotKept(ILogger logger, int count, Exception fault);
    }
}
