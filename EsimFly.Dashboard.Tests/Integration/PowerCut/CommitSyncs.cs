namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>
/// The syncs that <c>synchronous=NORMAL</c> would not make. In a write-ahead log FULL syncs it after each commit; NORMAL only
/// before its pages are copied into the database, and after the header with which the log begins again
/// (sqlite.org/pragma.html#pragma_synchronous).
/// </summary>
internal static class CommitSyncs
{
    /// <summary>Those among <paramref name="steps"/> that a commit makes in the log of <paramref name="database"/>.</summary>
    public static HashSet<SystemCall> Of(IReadOnlyList<TraceStep> steps, string database)
    {
        var log = database + "-wal";
        var found = new HashSet<SystemCall>();
        var header = new HashSet<int>(); // threads whose last write was the log's header
        var open = new Dictionary<int, SystemCall>(); // by thread: a sync of the log, until what it does next tells what it was for
        foreach (var call in steps.Where(step => !step.IsEnd).Select(step => step.Call))
        {
            if (call.Kind is not (CallKind.Write or CallKind.Sync or CallKind.Truncate))
            {
                continue;
            }

            var isLog = string.Equals(call.Path, log, StringComparison.Ordinal);
            if (call.Kind == CallKind.Sync && !isLog)
            {
                continue; // of the folder, once, after the log's first
            }

            if (open.Remove(call.Thread, out var sync) && !string.Equals(call.Path, database, StringComparison.Ordinal))
            {
                found.Add(sync);
            }

            if (call.Kind == CallKind.Sync && !header.Contains(call.Thread))
            {
                open[call.Thread] = call;
            }
            else if (call.Kind == CallKind.Write && isLog && call.Offset == 0)
            {
                header.Add(call.Thread);
                continue;
            }

            header.Remove(call.Thread);
        }

        found.UnionWith(open.Values);
        return found;
    }
}
