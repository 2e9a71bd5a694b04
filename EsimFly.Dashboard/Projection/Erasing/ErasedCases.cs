using System.Text;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection.Erasing;

/// <summary>Takes what people wrote down of an eSIM or an order out of the event log: notes, owners, answers, the customer.</summary>
internal static class ErasedCases
{
    private const string RemoveCase = """DELETE FROM "Cases" WHERE "Kind" = @p0 AND "Key" = @p1 AND "IsTest" = @p2""";

    private const string RemoveNotes = """DELETE FROM "Notes" WHERE "Kind" = @p0 AND "Key" = @p1 AND "IsTest" = @p2""";

    private const string RemoveCustomer = """DELETE FROM "Customers" WHERE "OrderSearch" = @p0 AND "IsTest" = @p1""";

    private const string AllCases = """SELECT "Kind", "Key", "IsTest" FROM "Cases" """;

    private const string AllNotes = """SELECT "Id", "Key", "IsTest", "Text" FROM "Notes" """;

    private const string AllCustomers = """SELECT "OrderSearch", "IsTest", "OrderName" FROM "Customers" """;

    private const string RemoveNote = """DELETE FROM "Notes" WHERE "Id" = @p0""";

    /// <summary>Removes what is known by the names of a subject.</summary>
    public static void Remove(WriteTransaction transaction, ErasureSubject subject)
    {
        var orders = subject
            .OrderKeys.Concat(subject.OrderIds.Select(OrderKeys.OfId))
            .Concat(subject.References.Select(OrderKeys.OfReference));
        foreach (
            var (kind, key) in subject.Iccids.Select(iccid => (CaseKind.Esim, iccid)).Concat(orders.Select(key => (CaseKind.Order, key)))
        )
        {
            transaction.Execute(RemoveCase, (int)kind, key, subject.IsTest);
            transaction.Execute(RemoveNotes, (int)kind, key, subject.IsTest);
        }

        // Notes about something else that name it, as a whole word: ORD-1 is not in ORD-12.
        foreach (var note in Notes(transaction).Where(note => Eraser.Mentions(Encoding.UTF8.GetBytes(note.Text), subject.Names)))
        {
            transaction.Execute(RemoveNote, note.Id);
        }

        foreach (var name in subject.OrderIds.Concat(subject.References))
        {
            transaction.Execute(RemoveCustomer, SearchKey.Of(name), subject.IsTest);
        }
    }

    /// <summary>Goes through all of it for names that were erased, as after a restore.</summary>
    public static void Sweep(WriteTransaction transaction, ErasedNames names)
    {
        foreach (
            var (kind, key, isTest) in transaction.Query(
                AllCases,
                static row => ((int)row.GetInt64(0), row.GetString(1), row.GetBoolean(2))
            )
        )
        {
            if (IsErased(OrderKeys.NameOf(key), isTest))
            {
                transaction.Execute(RemoveCase, kind, key, isTest);
            }
        }

        foreach (var (id, key, isTest, text) in Notes(transaction))
        {
            if (IsErased(OrderKeys.NameOf(key), isTest) || IsErased(text, isTest))
            {
                transaction.Execute(RemoveNote, id);
            }
        }

        foreach (
            var (search, isTest, name) in transaction.Query(
                AllCustomers,
                static row => (row.GetString(0), row.GetBoolean(1), row.GetString(2))
            )
        )
        {
            if (IsErased(name, isTest))
            {
                transaction.Execute(RemoveCustomer, search, isTest);
            }
        }

        bool IsErased(string text, bool isTest) => names.AreNamedIn(Encoding.UTF8.GetBytes(text), isTest);
    }

    private static List<(long Id, string Key, bool IsTest, string Text)> Notes(WriteTransaction transaction) =>
        transaction.Query(AllNotes, static row => (row.GetInt64(0), row.GetString(1), row.GetBoolean(2), row.GetString(3)));
}
