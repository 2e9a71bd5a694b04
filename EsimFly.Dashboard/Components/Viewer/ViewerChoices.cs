using EsimFly.Dashboard.Components.Tables;

namespace EsimFly.Dashboard.Components.Viewer;

/// <summary>What one viewer chose to see, as their browser remembers it.</summary>
internal sealed class ViewerChoices
{
    /// <summary>Whether lists leave test data out.</summary>
    public bool HidesTests { get; private set; }

    /// <summary>Whether lists show test data (true) or live data (false); null for both.</summary>
    public bool? IsTest => HidesTests ? false : null;

    /// <summary>The same in the address of a file: null for both.</summary>
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
