using System.Security.Claims;
using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Customers;

/// <summary>
/// The customers of orders. What is known is sealed; it is found by the order, or by keyed hashes of the e-mail address and the shop's
/// number, so that neither stands in the database.
/// </summary>
internal sealed class CustomerActions(
    AccessGuard guard,
    AuditLog audit,
    LogWriter writer,
    Sealer sealer,
    ChangeNotifier notifier,
    IDbContextFactory<LogDbContext> contexts,
    TimeProvider time
)
{
    private const int AtOnce = 500;

    private static readonly RowInsert<CustomerEntity> Put = RowInsert<CustomerEntity>
        .OrUpdate("Customers", keyLength: 2)
        .Flag(static row => row.IsTest)
        .Text(static row => row.OrderSearch)
        .Text(static row => row.OrderName)
        .Bytes(static row => row.Sealed)
        .Bytes(static row => row.EmailHash)
        .Bytes(static row => row.ShopOrderHash)
        .Number(static row => row.ChangedAtMs);

    private const string Remove = """DELETE FROM "Customers" WHERE "IsTest" = @p0 AND "OrderSearch" = @p1""";

    /// <summary>Tells whose an order is; an empty customer takes it back. The order need not be known yet.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>, or a token with the write scope.</exception>
    public async Task SetAsync(ClaimsPrincipal who, string orderName, bool isTest, Customer customer, CancellationToken cancellationToken)
    {
        var (actor, name) = await guard.RequireWriterAsync(who, AccountRole.Support, cancellationToken);
        await writer.WriteAsync(
            transaction =>
            {
                Write(transaction, new(orderName, customer), isTest);
                audit.Append(
                    transaction,
                    new(AuditActions.CustomerSet, $"order {orderName}", customer.IsEmpty ? "cleared" : null)
                    {
                        Actor = actor,
                        ActorName = name,
                    }
                );
            },
            cancellationToken
        );
        Publish(orderName, isTest);
    }

    /// <summary>Tells it of many orders.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="lines">The orders and their customers.</param>
    /// <param name="progress">Hears how many are written.</param>
    /// <param name="cancellationToken">Ends it; what was written stays, and the audit log has how many those are.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task ImportAsync(
        ClaimsPrincipal who,
        IReadOnlyList<CustomerLine> lines,
        IProgress<int> progress,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var done = 0;
        try
        {
            foreach (var some in lines.Chunk(AtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var upTo = done + some.Length;
                await writer.WriteAsync(
                    transaction =>
                    {
                        foreach (var line in some)
                        {
                            Write(transaction, line, isTest: false);
                        }

                        audit.Append(
                            transaction,
                            new(
                                AuditActions.CustomersImported,
                                FormattableString.Invariant($"{some.Length} orders: {upTo} of {lines.Count}")
                            )
                            {
                                Actor = actor,
                            }
                        );
                    },
                    cancellationToken
                );
                progress.Report(done = upTo);
            }
        }
        finally
        {
            if (done > 0)
            {
                notifier.PublishEverything(); // of a part, too, where it was ended
            }
        }
    }

    /// <summary>Whose an order is; null where that is not known.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="names">The order's id and references.</param>
    /// <param name="isTest">True for test data.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<Customer?> FindAsync(
        ClaimsPrincipal who,
        IEnumerable<string?> names,
        bool isTest,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var keys = names.Select(SearchKey.Of).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var row = await context
            .Customers.AsNoTracking()
            .Where(row => row.IsTest == isTest && keys.Contains(row.OrderSearch))
            .OrderByDescending(row => row.ChangedAtMs)
            .FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : Open(row);
    }

    /// <summary>The orders of an e-mail address or a shop's number, whole; none for those who may not see customers.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<IReadOnlyList<CustomerHit>> SearchAsync(ClaimsPrincipal who, string text, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Viewer, cancellationToken);
        if (actor.Role < AccountRole.Support || text.Trim().Length < 3)
        {
            return [];
        }

        var (email, shopOrder) = (EmailHash(text), ShopOrderHash(text));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var byEmail = email is null
            ? []
            : await context.Customers.AsNoTracking().Where(row => row.EmailHash == email).ToListAsync(cancellationToken);
        var byShopOrder = shopOrder is null
            ? []
            : await context.Customers.AsNoTracking().Where(row => row.ShopOrderHash == shopOrder).ToListAsync(cancellationToken);
        return
        [
            .. byEmail
                .Concat(byShopOrder)
                .DistinctBy(row => (row.OrderSearch, row.IsTest))
                .OrderByDescending(row => row.ChangedAtMs)
                .Select(row => new CustomerHit(row.OrderName, row.IsTest, Open(row))),
        ];
    }

    private void Write(WriteTransaction transaction, CustomerLine line, bool isTest)
    {
        var (search, customer) = (SearchKey.Of(line.Order)!, line.Customer);
        if (customer.IsEmpty)
        {
            transaction.Execute(Remove, isTest, search);
            return;
        }

        var sealedCustomer = sealer.Seal(
            JsonSerializer.SerializeToUtf8Bytes(customer, CustomerJson.Default.Customer),
            SealPurpose.Customer,
            BoundTo(search)
        );
        transaction.Insert(
            Put,
            [
                new()
                {
                    IsTest = isTest,
                    OrderSearch = search,
                    OrderName = line.Order,
                    Sealed = sealedCustomer,
                    EmailHash = EmailHash(customer.Email),
                    ShopOrderHash = ShopOrderHash(customer.ShopOrder),
                    ChangedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                },
            ]
        );
    }

    private Customer Open(CustomerEntity row) =>
        JsonSerializer.Deserialize(sealer.Open(row.Sealed, SealPurpose.Customer, BoundTo(row.OrderSearch)), CustomerJson.Default.Customer)
        ?? new();

    private byte[]? EmailHash(string? email) =>
        email?.Contains('@', StringComparison.Ordinal) == true ? sealer.KeyedHash("email\n" + email.Trim().ToLowerInvariant()) : null;

    private byte[]? ShopOrderHash(string? number) =>
        SearchKey.Of(number) is { Length: > 0 } key ? sealer.KeyedHash("shop order\n" + key) : null;

    private void Publish(string orderName, bool isTest) => notifier.Publish([new Change(Topic.Order, orderName, isTest)]);

    private static byte[] BoundTo(string search) => Encoding.UTF8.GetBytes(search);
}

/// <summary>An order and whose it is.</summary>
public sealed record CustomerLine(string Order, Customer Customer);

/// <summary>An order that was found by its customer.</summary>
internal sealed record CustomerHit(string Order, bool IsTest, Customer Customer);
