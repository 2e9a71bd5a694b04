using System.Linq.Expressions;
using System.Reflection;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The order of a list, and with it which of its rows come after a place in it: stated once, for both directions and both databases. None
/// of the columns may be null.
/// </summary>
/// <typeparam name="TRow">The row.</typeparam>
/// <typeparam name="TPlace">A place: the values of a row's key.</typeparam>
internal sealed class Keyset<TRow, TPlace>
    where TPlace : struct
{
    private static readonly MethodInfo CompareTexts = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;

    private readonly List<Part> parts = [];

    /// <summary>Adds a column of the key, after those that were added before.</summary>
    /// <param name="ofRow">The column.</param>
    /// <param name="ofPlace">Its value at a place.</param>
    public Keyset<TRow, TPlace> By<TKey>(Expression<Func<TRow, TKey>> ofRow, Func<TPlace, TKey> ofPlace)
    {
        parts.Add(new Part<TKey>(ofRow, ofPlace));
        return this;
    }

    /// <summary>The rows in their order, from after a place on.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="after">The place; null to begin.</param>
    /// <param name="isAscending">Whether the smallest come first.</param>
    public IQueryable<TRow> From(IQueryable<TRow> rows, TPlace? after, bool isAscending)
    {
        if (after is { } place)
        {
            var row = Expression.Parameter(typeof(TRow), "row");
            rows = rows.Where(Expression.Lambda<Func<TRow, bool>>(Behind(row, place, isAscending, 0), row));
        }

        var ordered = parts[0].Order(rows, isAscending);
        return parts.Skip(1).Aggregate(ordered, (sorted, part) => part.OrderThen(sorted, isAscending));
    }

    // a <= p && (a < p || b < q || (b == q && …)): the first condition alone is what an index is searched by.
    private BinaryExpression Behind(ParameterExpression row, TPlace place, bool isAscending, int at)
    {
        var (own, last) = (parts[at].Of(row), parts[at].At(place));
        var beyond = Beyond(own, last, isAscending, orEqual: false);
        if (at == parts.Count - 1)
        {
            return beyond;
        }

        var rest = Behind(row, place, isAscending, at + 1);
        return at == 0
            ? Expression.AndAlso(Beyond(own, last, isAscending, orEqual: true), Expression.OrElse(beyond, rest))
            : Expression.OrElse(beyond, Expression.AndAlso(Expression.Equal(own, last), rest));
    }

    private static BinaryExpression Beyond(Expression own, Expression last, bool isAscending, bool orEqual)
    {
        if (own.Type == typeof(bool))
        {
            return isAscending ? Expression.AndAlso(own, Expression.Not(last)) : Expression.AndAlso(Expression.Not(own), last);
        }

        if (own.Type == typeof(string))
        {
            (own, last) = (Expression.Call(CompareTexts, own, last), Expression.Constant(0));
        }

        return (isAscending, orEqual) switch
        {
            (true, true) => Expression.GreaterThanOrEqual(own, last),
            (true, false) => Expression.GreaterThan(own, last),
            (false, true) => Expression.LessThanOrEqual(own, last),
            (false, false) => Expression.LessThan(own, last),
        };
    }

    private abstract class Part
    {
        public abstract Expression Of(ParameterExpression row);

        public abstract Expression At(TPlace place);

        public abstract IOrderedQueryable<TRow> Order(IQueryable<TRow> rows, bool isAscending);

        public abstract IOrderedQueryable<TRow> OrderThen(IOrderedQueryable<TRow> rows, bool isAscending);
    }

    private sealed class Part<TKey>(Expression<Func<TRow, TKey>> ofRow, Func<TPlace, TKey> ofPlace) : Part
    {
        public override Expression Of(ParameterExpression row) => new Renamed(ofRow.Parameters[0], row).Visit(ofRow.Body);

        // A member of an object, as a captured variable is: EF Core makes a parameter of it, and keeps one plan for all places.
        public override Expression At(TPlace place)
        {
            var value = ofPlace(place);
            Expression<Func<TKey>> captured = () => value;
            return captured.Body;
        }

        public override IOrderedQueryable<TRow> Order(IQueryable<TRow> rows, bool isAscending) =>
            isAscending ? rows.OrderBy(ofRow) : rows.OrderByDescending(ofRow);

        public override IOrderedQueryable<TRow> OrderThen(IOrderedQueryable<TRow> rows, bool isAscending) =>
            isAscending ? rows.ThenBy(ofRow) : rows.ThenByDescending(ofRow);
    }

    private sealed class Renamed(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
