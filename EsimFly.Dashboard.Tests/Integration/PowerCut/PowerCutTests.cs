using System.Globalization;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>
/// A 200 means kept, also when the power goes: the application's system calls are traced, and the disk is rebuilt as it may be
/// at random moments, with none, all, some or torn ones of the writes that no sync had covered. The long form:
/// <c>dotnet test -- --explicit only --filter-class '*PowerCutTests'</c>.
/// </summary>
public sealed class PowerCutTests(PowerCutTests.ShortRecording shortRecording, ITestOutputHelper output)
    : IClassFixture<PowerCutTests.ShortRecording>
{
    private const string StatesVariable = "ESIMFLY_POWER_CUT_STATES";

    [Fact]
    public async Task PowerCut_AtAnyMoment_LosesNothingThatWasAcknowledged()
    {
        RequiredTool.Need(RequiredTool.Strace);

        var result = await ProveAsync(await shortRecording.GetAsync(), new(States: 60) { Starts = 5 });

        Assert.Equal(60, result.States);
        result.AssertNothingWrong();
        Assert.True(result.Starts >= 5, result.ToString());
        Assert.True(result.Open >= result.States / 4, result.ToString());
    }

    /// <summary>
    /// The proof itself can fail: as with <c>synchronous=NORMAL</c>, whose databases are whole but lack the last commits.
    /// </summary>
    [Fact]
    public async Task PowerCut_WithoutTheSyncsOfCommits_IsSeenToLose()
    {
        RequiredTool.Need(RequiredTool.Strace);

        var result = await ProveAsync(await shortRecording.GetAsync(), new(States: 60) { WithoutCommitSyncs = true });

        Assert.True(result.Lossy >= result.States / 4, result.ToString());
        Assert.Equal(0, result.Modes[CutMode.All].Lossy);
        Assert.Empty(result.Damages);
    }

    [Fact(Explicit = true)]
    public async Task PowerCut_AtThousandsOfMoments_LosesNothingThatWasAcknowledged()
    {
        const int AtATime = 500;
        RequiredTool.Need(RequiredTool.Strace);
        var left = int.Parse(Environment.GetEnvironmentVariable(StatesVariable) ?? "2000", CultureInfo.InvariantCulture);
        for (; left > 0; left -= AtATime)
        {
            // Some 40 MB a run: enough for the write-ahead log to be moved into the database while deliveries come.
            var recording = await Recording.MakeAsync(new(Deliveries: 900, OneInIsLarge: 2));

            var result = await ProveAsync(recording, new(States: Math.Min(left, AtATime)) { Starts = 10 });
            var broken = await ProveAsync(recording, new(States: 50) { WithoutCommitSyncs = true });

            result.AssertNothingWrong();
            Assert.True(recording.MovedAmid > 0, recording.ToString());
            Assert.True(broken.Lossy >= broken.States / 4, broken.ToString());
        }
    }

    private async Task<ProofResult> ProveAsync(Recording recording, ProofPlan plan)
    {
        var result = await PowerCutProof.RunAsync(recording, plan, Random.Shared.Next());
        output.WriteLine($"{recording}: {result}");
        return result;
    }

    /// <summary>A short recording for both tests, made when the first asks for it.</summary>
    public sealed class ShortRecording
    {
        private readonly Lazy<Task<Recording>> recording = new(() => Recording.MakeAsync(new(Deliveries: 150, OneInIsLarge: 50)));

        internal Task<Recording> GetAsync() => recording.Value;
    }
}
