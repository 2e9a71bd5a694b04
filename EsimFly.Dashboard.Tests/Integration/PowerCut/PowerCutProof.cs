using System.Globalization;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>How a proof goes.</summary>
/// <param name="States">How many power cuts there are.</param>
internal sealed record ProofPlan(int States)
{
    /// <summary>On how many of the states the application is started.</summary>
    public int Starts { get; init; }

    /// <summary>Whether the log is written as <c>synchronous=NORMAL</c> writes it: then the proof must fail.</summary>
    public bool WithoutCommitSyncs { get; init; }

    /// <summary>A further look at each state: what is wrong with it, null for nothing.</summary>
    public Func<string, string?>? AlsoCheck { get; init; }
}

/// <summary>What came of it.</summary>
internal sealed class ProofResult
{
    /// <summary>How many states each mode had, and how many of them lost something.</summary>
    public Dictionary<CutMode, (int States, int Lossy)> Modes { get; } = [];

    public int States => Modes.Values.Sum(mode => mode.States);

    /// <summary>States in which a delivery was gone that had been acknowledged.</summary>
    public int Lossy => Modes.Values.Sum(mode => mode.Lossy);

    /// <summary>States that come before any acknowledgement: nothing can be lost there.</summary>
    public int BeforeTheFirst { get; set; }

    /// <summary>States in which writes to the deliveries' database were not synced: there the disk may be in several ways.</summary>
    public int Open { get; set; }

    /// <summary>On how many states the application was started.</summary>
    public int Starts { get; set; }

    /// <summary>The losses in sentences.</summary>
    public List<string> Losses { get; } = [];

    /// <summary>All else that was wrong, in sentences.</summary>
    public List<string> Damages { get; } = [];

    /// <summary>Fails, with the first of what was wrong, unless all was there and whole.</summary>
    public void AssertNothingWrong()
    {
        const int Enough = 10;
        Assert.True(Losses.Count + Damages.Count == 0, $"{this}\n{string.Join('\n', Damages.Concat(Losses).Take(Enough))}");
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{States} states, {Open} with unsynced writes, {BeforeTheFirst} before any acknowledgement; lossy: {Lossy} ({Each()}); "
                + $"starts: {Starts}; damages: {Damages.Count}"
        );

    private string Each() =>
        string.Join(
            ", ",
            Modes.Select(mode => string.Create(CultureInfo.InvariantCulture, $"{mode.Key} {mode.Value.Lossy} of {mode.Value.States}"))
        );
}

/// <summary>
/// Cuts the power at random steps of a <see cref="Recording"/>, builds what the disk may hold then, and looks for every delivery
/// that had been acknowledged.
/// </summary>
internal static class PowerCutProof
{
    private const int OneInIsAnywhere = 8; // the others come after the first acknowledgement

    private static readonly CutMode[] Modes = Enum.GetValues<CutMode>();

    public static async Task<ProofResult> RunAsync(Recording recording, ProofPlan plan, int seed)
    {
        var random = new Random(seed);
        var cuts = Cuts(recording, plan, random);
        var database = Path.Combine(recording.Folder, StateCheck.Database);
        var skipped = plan.WithoutCommitSyncs ? CommitSyncs.Of(recording.Steps, database) : [];
        var expected = new List<SentDelivery>();
        var result = new ProofResult();
        var disk = new Disk(recording.Folder);
        var next = 0;
        for (var step = 0; step < recording.Steps.Count; step++)
        {
            for (; next < cuts.Count && cuts[next].Step == step; next++)
            {
                var where = $"seed {seed}, step {step}, before {recording.Steps[step].Call}";
                await CutAsync(disk, cuts[next], where, expected, plan.AlsoCheck, random, result);
            }

            if (!skipped.Contains(recording.Steps[step].Call))
            {
                disk.Take(recording.Steps[step]);
            }

            while (expected.Count < recording.Acknowledgements.Count && recording.Acknowledgements[expected.Count].Step <= step)
            {
                expected.Add(recording.Acknowledgements[expected.Count].Delivery);
            }
        }

        return result;
    }

    // In the order of the trace; modes, kinds of file systems and starts are spread over all of it.
    private static List<Cut> Cuts(Recording recording, ProofPlan plan, Random random)
    {
        var first = recording.Acknowledgements[0].Step + 1;
        Cut One(int i)
        {
            var isStarted = i < plan.Starts;
            return new(
                random.Next(i % OneInIsAnywhere == OneInIsAnywhere - 1 ? 0 : first, recording.Steps.Count),
                Modes[i % Modes.Length],
                // The keys' folder is never synced, only the file in it: without a journal its name may be gone, and nothing starts.
                HasJournal: random.Next(2) == 0,
                isStarted
            );
        }

        return [.. Enumerable.Range(0, plan.States).Select(One).OrderBy(cut => cut.Step)];
    }

    private static async Task CutAsync(
        Disk disk,
        Cut cut,
        string where,
        List<SentDelivery> expected,
        Func<string, string?>? alsoCheck,
        Random random,
        ProofResult result
    )
    {
        where = $"{where}, {cut.Mode}, {(cut.HasJournal ? "with" : "without")} a journal";
        using var folder = new TempFolder();
        disk.WriteTo(folder.Path, cut.Mode, cut.HasJournal, random);
        var needsStart = StateCheck.NeedsStart(folder.Path);
        var (damage, lost) = StateCheck.Look(folder.Path, expected);
        if ((damage ?? alsoCheck?.Invoke(folder.Path)) is { } wrong)
        {
            result.Damages.Add($"{where}: {wrong}");
        }
        else if (cut.IsStarted || needsStart)
        {
            result.Starts++;
            await StateCheck.StartAsync(folder.Path, [.. expected.Except(lost)], where);
        }

        var (states, lossy) = result.Modes.GetValueOrDefault(cut.Mode);
        result.Modes[cut.Mode] = (states + 1, lossy + (lost.Count > 0 ? 1 : 0));
        result.Open += disk.IsOpen(StateCheck.Database) ? 1 : 0;
        result.BeforeTheFirst += expected.Count == 0 ? 1 : 0;
        if (lost.Count > 0)
        {
            result.Losses.Add($"{where}: {lost.Count} of {expected.Count} lost, {lost[0].Id} first");
        }
    }

    /// <summary>One power cut, before a step.</summary>
    private sealed record Cut(int Step, CutMode Mode, bool HasJournal, bool IsStarted);
}
