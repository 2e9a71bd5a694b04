namespace EsimFly.Dashboard.Components.Viewer;

/// <summary>How much asks for one viewer's attention just now, for the titles of their tabs.</summary>
internal sealed class ViewerAttention
{
    /// <summary>How many incidents nobody has acknowledged.</summary>
    public int Count { get; private set; }

    /// <summary>Raised when it is another number.</summary>
    public event EventHandler? Changed;

    /// <summary>Tells.</summary>
    public void Set(int count)
    {
        if (Count != count)
        {
            Count = count;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
