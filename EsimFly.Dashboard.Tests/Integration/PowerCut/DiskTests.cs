namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>The model of the disk, on which the proof rests.</summary>
public sealed class DiskTests
{
    private const string Folder = "/data";
    private const string File = Folder + "/file";
    private const int Sector = 512;

    private static readonly SystemCall Make = new()
    {
        Kind = CallKind.Open,
        Path = File,
        Creates = true,
    };

    [Theory]
    [InlineData(CutMode.None, "synced")]
    [InlineData(CutMode.All, "synced and not")]
    internal void File_WrittenAfterItsSync_IsAsTheModeSays(CutMode mode, string content)
    {
        var disk = After(Make, Write(0, "synced"), Sync(File), Write(6, " and not"));

        Assert.Equal(content, Read(disk, mode, hasJournal: true, seed: 0));
    }

    [Fact]
    public void Write_ThatHasNotReturnedWhenASyncBegins_IsNotCovered()
    {
        var disk = After(Make);
        var write = Write(0, "late");
        var sync = Sync(File);
        disk.Take(new(write, IsEnd: false));
        disk.Take(new(sync, IsEnd: false));
        disk.Take(new(write, IsEnd: true));
        disk.Take(new(sync, IsEnd: true));

        Assert.Equal("", Read(disk, CutMode.None, hasJournal: true, seed: 0));
    }

    [Fact]
    public void Name_OfASyncedFile_LastsByAJournalOrByTheSyncOfItsFolder()
    {
        var disk = After(Make, Write(0, "x"), Sync(File));
        Assert.Equal("x", Read(disk, CutMode.None, hasJournal: true, seed: 0));
        Assert.Null(Read(disk, CutMode.None, hasJournal: false, seed: 0));

        disk = After(Make, Write(0, "x"), Sync(File), Sync(Folder));
        Assert.Equal("x", Read(disk, CutMode.None, hasJournal: false, seed: 0));
    }

    [Fact]
    public void File_CutShortUnsynced_HasNothingOfWhatFollowsWithoutTheCut()
    {
        var disk = After(Make, Write(0, "old"), Sync(File), new() { Kind = CallKind.Truncate, Path = File }, Write(0, "n"));

        var states = States(disk, CutMode.Some);

        Assert.Subset(new HashSet<string>(StringComparer.Ordinal) { "old", "", "n" }, states);
        Assert.Equal(3, states.Count);
    }

    [Fact]
    public void Sectors_OfUnsyncedWrites_AreKeptWholeAndEachByItself()
    {
        string Both(char first, char second) => new string(first, Sector) + new string(second, Sector);
        var writes = new[] { Write(0, new string('b', Sector)), Write(Sector, new string('c', Sector)) };
        var disk = After([Make, Write(0, Both('a', 'a')), Sync(File), .. writes]);

        var states = States(disk, CutMode.Some);

        string[] possible = [Both('a', 'a'), Both('a', 'c'), Both('b', 'a'), Both('b', 'c')];
        Assert.Equal(possible, states.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Write_Torn_StopsAtTheEndOfASector()
    {
        var disk = After(Make, Write(0, new string('a', 3 * Sector)), Sync(File), Write(0, new string('b', 3 * Sector)));

        var states = States(disk, CutMode.Torn);

        Assert.Equal(
            Enumerable.Range(0, 4).Select(kept => new string('b', kept * Sector).PadRight(3 * Sector, 'a')).Order(StringComparer.Ordinal),
            states.Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    private static HashSet<string> States(Disk disk, CutMode mode) =>
        Enumerable.Range(0, 100).Select(seed => Read(disk, mode, hasJournal: true, seed) ?? "").ToHashSet(StringComparer.Ordinal);

    private static SystemCall Write(int offset, string text) =>
        new()
        {
            Kind = CallKind.Write,
            Path = File,
            Offset = offset,
            Data = System.Text.Encoding.ASCII.GetBytes(text),
        };

    private static SystemCall Sync(string path) => new() { Kind = CallKind.Sync, Path = path };

    private static Disk After(params IEnumerable<SystemCall> calls)
    {
        var disk = new Disk(Folder);
        foreach (var call in calls)
        {
            disk.Take(new(call, IsEnd: false));
            disk.Take(new(call, IsEnd: true));
        }

        return disk;
    }

    private static string? Read(Disk disk, CutMode mode, bool hasJournal, int seed)
    {
        using var folder = new Support.TempFolder();
        disk.WriteTo(folder.Path, mode, hasJournal, new Random(seed));
        var file = Path.Combine(folder.Path, "file");
        return System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file) : null;
    }
}
