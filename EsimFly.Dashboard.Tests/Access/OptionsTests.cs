using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Access.Tokens;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>Settings of accounts and tokens that would let nobody in, or anybody.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("", "a-token-that-is-long-enough-to-be-one", "needs a Name")]
    [InlineData("name", "", "needs a Name and a Token")]
    [InlineData("name", "too-short", "fewer than 32 characters")]
    public void Token_ThatIsNone_IsRefused(string name, string token, string words)
    {
        var options = new ApiOptions();
        options.Tokens.Add(new() { Name = name, Token = token });

        Assert.Contains(words, Assert.Single(new ApiOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void IdentityProvider_ThatLetsNobodyIn_IsRefused()
    {
        var unnamed = new OidcOptions { Authority = "https://id.example.com" };
        var only = new OidcOptions { Only = true };

        Assert.Contains(new OidcOptionsValidator().Validate(null, unnamed).Failures!, words => words.Contains("ClientId"));
        Assert.Contains(new OidcOptionsValidator().Validate(null, only).Failures!, words => words.Contains("nobody could sign in"));
    }
}
