namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>The bytes of a file. What is skipped by a write, and what a new length adds, is zero.</summary>
internal sealed class FileContent
{
    private byte[] bytes = [];

    public int Length { get; private set; }

    public FileContent Copy() => new() { bytes = ToArray(), Length = Length };

    public byte[] ToArray() => bytes[..Length];

    public ReadOnlySpan<byte> Read(int offset, int count) => bytes.AsSpan(offset, Math.Min(count, Length - offset));

    public void Write(int offset, ReadOnlySpan<byte> data)
    {
        if (offset + data.Length > Length)
        {
            Resize(offset + data.Length);
        }

        data.CopyTo(bytes.AsSpan(offset));
    }

    public void Resize(int length)
    {
        if (length > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(length, 2 * bytes.Length));
        }

        bytes.AsSpan(Math.Min(length, Length)..Length).Clear();
        Length = length;
    }
}
