using EsimFly.Dashboard.Live;

namespace EsimFly.Dashboard.Desk.Cases;

/// <summary>Who has which order, eSIM or incident open just now, so that two do not do the same work.</summary>
internal sealed class Watchers(ChangeNotifier notifier)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<(object Page, string Name)>> pages = new(StringComparer.Ordinal);

    /// <summary>Notes that somebody opened it.</summary>
    /// <param name="subject">What.</param>
    /// <param name="name">What they are called.</param>
    /// <returns>To be disposed when they leave.</returns>
    public IDisposable Enter(CaseSubject subject, string name)
    {
        var page = new Visit(this, subject);
        lock (gate)
        {
            if (!pages.TryGetValue(Key(subject), out var here))
            {
                pages[Key(subject)] = here = [];
            }

            here.Add((page, name));
        }

        Publish(subject);
        return page;
    }

    /// <summary>The names of those who have it open, but for one page.</summary>
    public IReadOnlyList<string> Others(CaseSubject subject, IDisposable? own)
    {
        lock (gate)
        {
            return pages.GetValueOrDefault(Key(subject)) is { } here
                ? [.. here.Where(item => !ReferenceEquals(item.Page, own)).Select(item => item.Name).Distinct(StringComparer.Ordinal)]
                : [];
        }
    }

    private void Leave(Visit page)
    {
        lock (gate)
        {
            if (pages.TryGetValue(Key(page.Subject), out var here))
            {
                here.RemoveAll(item => ReferenceEquals(item.Page, page));
                if (here.Count == 0)
                {
                    pages.Remove(Key(page.Subject));
                }
            }
        }

        Publish(page.Subject);
    }

    private static string Key(CaseSubject subject) => subject.ChangeKey + (subject.IsTest ? " test" : "");

    private void Publish(CaseSubject subject) => notifier.Publish([new Change(Topic.Case, subject.ChangeKey, subject.IsTest)]);

    /// <summary>A page on which it is open.</summary>
    private sealed class Visit(Watchers watchers, CaseSubject subject) : IDisposable
    {
        private int isOver;

        public CaseSubject Subject => subject;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
            {
                watchers.Leave(this);
            }
        }
    }
}
