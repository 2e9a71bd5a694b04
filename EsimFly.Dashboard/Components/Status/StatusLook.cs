using MudBlazor;

namespace EsimFly.Dashboard.Components.Status;

/// <summary>How a state is shown: always a word and an icon with the colour.</summary>
/// <param name="Word">The state in plain words.</param>
/// <param name="Icon">Its icon.</param>
/// <param name="Color">Its colour.</param>
public sealed record StatusLook(string Word, string Icon, Color Color);
