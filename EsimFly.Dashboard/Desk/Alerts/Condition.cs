using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>Something that is so now and that somebody should look at.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Which one: see <see cref="AlertEntity.Key"/>.</param>
/// <param name="Level">How pressing it is.</param>
/// <param name="Stamp">See <see cref="AlertEntity.Stamp"/>.</param>
/// <param name="Facts">What it is about.</param>
internal sealed record Condition(AlertKind Kind, string Key, AlertLevel Level, long Stamp, AlertFacts Facts);
