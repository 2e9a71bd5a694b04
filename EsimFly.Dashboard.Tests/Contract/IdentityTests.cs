using System.Reflection;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Tests.Contract;

/// <summary>What identifies a person is one list, and all that shows it to viewers goes by it.</summary>
public sealed class IdentityTests
{
    private const string Whole = "89049032000001234567890123456789";

    // Numbers of the contract that are no person's, though they are named like some that are.
    private static readonly string[] OfNobody = ["EsimId", "OrderId", "PackageId", "DeliveryId"];

    [Fact]
    public void EventFacts_ForViewers_HaveNoIdentityWhole() => AssertShortened(new EventFacts(), facts => facts.ForViewers());

    [Fact]
    public void EsimRow_ForViewers_HasNoIdentityWhole() =>
        AssertShortened(
            new EsimEntity
            {
                Iccid = "8901",
                IccidReversed = "1098",
                FoldState = "{}",
            },
            esim =>
            {
                esim.ShortenIdentities();
                Assert.Null(esim.EidReversed);
                Assert.Null(esim.ImsiReversed);
                return esim;
            }
        );

    [Fact]
    public void Change_OfAnIdentity_IsShortenedForViewers_AndOfOthersIsNot()
    {
        Assert.NotEmpty(Identity.All);
        Assert.All(Identity.All, identity => Assert.Equal("…6789", new FieldChange(identity.Member, null, Whole).ForViewers().To));
        Assert.Equal(Whole, new FieldChange(nameof(EsimEntity.PackageName), null, Whole).ForViewers().To);
    }

    [Fact]
    public void Payloads_NameNothingElseThatLooksLikeAPerson()
    {
        var members = typeof(EventFacts)
            .Assembly.GetTypes()
            .Where(type =>
                string.Equals(type.Namespace, typeof(Identity).Namespace, StringComparison.Ordinal)
                && type.Name.EndsWith("Data", StringComparison.Ordinal)
            )
            .SelectMany(type => type.GetProperties())
            .Select(property => property.Name)
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.Contains("Eid", members, StringComparer.Ordinal);
        Assert.All(
            members.Where(name =>
                Array.Exists(
                    ["Eid", "Imsi", "Imei", "Msisdn", "Email", "Phone", "Customer", "Address"],
                    word => name.Contains(word, StringComparison.OrdinalIgnoreCase)
                )
            ),
            name =>
                Assert.True(
                    Identity.OfMember(name) is not null || OfNobody.Contains(name, StringComparer.Ordinal),
                    $"{name} may identify a person."
                )
        );
    }

    private static void AssertShortened<T>(T row, Func<T, T> shorten)
    {
        var members = Identity.All.Select(identity => typeof(T).GetProperty(identity.Member)).OfType<PropertyInfo>().ToList();
        Assert.Equal(Identity.All.Length, members.Count);
        members.ForEach(member => member.SetValue(row, Whole));

        var shown = shorten(row);

        Assert.All(members, member => Assert.Equal("…6789", member.GetValue(shown)));
    }
}
