using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Tests.Contract;

/// <summary>The table of keys keeps up with the payloads.</summary>
public sealed class KeyTableTests
{
    private static readonly Type[] Payloads =
    [
        .. typeof(Envelope<>)
            .Assembly.GetTypes()
            .Where(type =>
                string.Equals(type.Namespace, typeof(Envelope<>).Namespace, StringComparison.Ordinal)
                && (type.Name.EndsWith("Data", StringComparison.Ordinal) || type == typeof(OrderCompletedEsim))
            ),
    ];

    [Fact]
    public void Read_EachFieldOfThePayloads_IsKnown()
    {
        var names = Payloads
            .SelectMany(type => type.GetProperties().Where(property => property.CanWrite))
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.True(names.Count > 30, $"Only {names.Count} fields were found.");
        Assert.DoesNotContain(names, name => !KeyTable.Read(Encoding.UTF8.GetBytes(name)).IsKnown);
    }

    [Fact]
    public void Read_AKnownKeyWithEscapes_IsTheSameText() => Assert.Equal("iccid", KeyTable.Read("icc\\u0069d"u8).Name);
}
