using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage;

/// <summary>The folders and files of the installation. All of them are for this account alone (0700).</summary>
internal sealed class StoragePaths
{
    private const string ProjectFile = "EsimFly.Dashboard.csproj";

    /// <summary>Resolves and makes the folders.</summary>
    public StoragePaths(IOptions<StorageOptions> options)
    {
        Root = Path.GetFullPath(options.Value.Directory, HomeFolder());
        Keys = Path.Combine(Root, "keys");
        Backups = Path.Combine(Root, "backups");
        Log = Path.Combine(Root, "esimfly.db");
        ReadModel = Path.Combine(Root, "read-model.db");
        LockFile = Path.Combine(Root, "esimfly.lock");
        MakePrivate(Root);
        MakePrivate(Keys);
        MakePrivate(Backups);
    }

    /// <summary>The folder <c>Storage:Directory</c>, absolute.</summary>
    public string Root { get; }

    /// <summary>The folder of the keys that wrap all others.</summary>
    public string Keys { get; }

    /// <summary>The folder of the backups.</summary>
    public string Backups { get; }

    /// <summary>The file of the event log: what cannot be derived again.</summary>
    public string Log { get; }

    /// <summary>The file of the read model: what is derived from the log.</summary>
    public string ReadModel { get; }

    /// <summary>The file that keeps a second process out.</summary>
    public string LockFile { get; }

    /// <summary>The folder of the project when run from its build output, else the folder of the executable.</summary>
    public static string HomeFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, ProjectFile)))
            {
                return folder.FullName;
            }
        }

        return AppContext.BaseDirectory;
    }

    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(folder);
            return;
        }

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        System.IO.Directory.CreateDirectory(folder, OwnerOnly);
        File.SetUnixFileMode(folder, OwnerOnly);
    }
}
