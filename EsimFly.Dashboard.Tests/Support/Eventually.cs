namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task IsTrueAsync(Func<bool> condition, string what, TimeSpan? patience = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), what, patience);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(patience ?? Patience);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not in time: {what}");
            }
        }
    }
}
