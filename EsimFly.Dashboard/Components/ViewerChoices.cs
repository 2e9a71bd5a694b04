namespace EsimFly.Dashboard.Components;

/// <summary>What one viewer chose to see, as their browser remembers it.</summary>
internal sealed class ViewerChoices
{
    /// <summary>Whether lists leave the test world out.</summary>
    public bool HidesTests { get; private set; }

    /// <summary>The world that lists show: null for both.</summary>
    public bool? World => HidesTests ? false : null;

    /// <summary>The same in the address of a file: null for both worlds.</summary>
    public string? TestsInAddress => HidesTests ? Exports.TestsHidden : null;

    /// <summary>Raised when something else is chosen.</summary>
    public event EventHandler? Changed;

    /// <summary>Chooses.</summary>
    public void Hide(bool tests)
    {
        if (HidesTests != tests)
        {
            HidesTests = tests;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
