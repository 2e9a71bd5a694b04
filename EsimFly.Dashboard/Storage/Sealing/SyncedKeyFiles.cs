using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace EsimFly.Dashboard.Storage.Sealing;

/// <summary>
/// Data Protection's key files, on disk before anything is sealed with them, the later ones too: ASP.NET Core leaves a new file to the
/// system's cache, and what was sealed with a key that a power cut took would be lost.
/// </summary>
internal sealed class SyncedKeyFiles(DirectoryInfo folder, ILoggerFactory loggers) : FileSystemXmlRepository(folder, loggers)
{
    /// <inheritdoc/>
    public override void StoreElement(XElement element, string friendlyName)
    {
        base.StoreElement(element, friendlyName);
        foreach (var path in System.IO.Directory.EnumerateFiles(Directory.FullName))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            file.Flush(flushToDisk: true);
        }

        FolderSync.Flush(Directory.FullName);
    }
}
