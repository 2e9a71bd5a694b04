using System.CommandLine;
using EsimFly.Dashboard.Hosting;

namespace EsimFly.Dashboard.Tests.Hosting;

/// <summary>What the program makes of its arguments.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData]
    [InlineData("--urls", "http://localhost:1")]
    [InlineData("--Storage:Directory=/x y")]
    [InlineData("--Storage:Directory", "/x")]
    [InlineData("--environment=Development", "--contentRoot", "/x")]
    public async Task SettingsAlone_StartTheDesk(params string[] args)
    {
        var line = new CommandLine(args);

        Assert.Equal(7, await line.RunAsync(() => Task.FromResult(7)));
        Assert.Equal(args, line.Settings);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("--fast")]
    [InlineData("-v")]
    [InlineData("do", "that")]
    [InlineData("do", "--what", "that")]
    public async Task WhatIsNoCommandAndNoSetting_EndsWithTwo(params string[] args) =>
        Assert.Equal(2, await new CommandLine(args).RunAsync(() => Task.FromResult(7), new Command("do")));

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task HelpAndVersion_StartNothing(string arg) =>
        Assert.Equal(0, await new CommandLine([arg]).RunAsync(() => Task.FromResult(7)));

    [Fact]
    public async Task Command_BeforeOrAfterSettings_IsRun()
    {
        foreach (string[] args in new string[][] { ["do", "--A:B=c"], ["--A:B", "c", "do"] })
        {
            var command = new Command("do");
            command.SetAction(static (_, _) => Task.FromResult(3));
            var line = new CommandLine(args);

            Assert.Equal(3, await line.RunAsync(() => Task.FromResult(7), command));
            Assert.Contains("--A:B", line.Settings[0], StringComparison.Ordinal);
        }
    }
}
