using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Cases;

/// <summary>Where cases lead.</summary>
internal static class CaseLinks
{
    /// <summary>The page of what a case is about.</summary>
    public static string Href(CaseSubject subject) =>
        subject.Kind switch
        {
            CaseKind.Order => Links.Order(OrderKeys.NameOf(subject.Key), subject.IsTest),
            CaseKind.Esim => Links.Esim(subject.Key, subject.IsTest),
            _ => "/alerts",
        };
}
