using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Desk.Settings;

public sealed partial class DataPage
{
    private IReadOnlyList<BackupFile> backups = [];
    private bool canBackUp = true;
    private CancellationTokenSource? cancel;
    private int bodyDays;
    private int unusableDays;
    private int codeDays;
    private int eventDays;
    private int accountDays;
    private int auditDays;
    private (int Number, long CreatedAtMs) key;
    private string? result;

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        (var retention, backups, key) = await Actions.ReadAsync(Who, cancellationToken);
        canBackUp = await Actions.CanBackUpAsync(Who, cancellationToken);
        (bodyDays, unusableDays) = (retention.BodyDays, retention.UnusableDays);
        (codeDays, eventDays) = (retention.CodeDays, retention.EventDays);
        (accountDays, auditDays) = (retention.AccountDays, retention.AuditDays);
    }

    protected override void Dispose(bool disposing)
    {
        cancel?.Cancel();
        base.Dispose(disposing);
    }

    private async Task BackUpAsync()
    {
        result = null;
        using var own = cancel = new CancellationTokenSource();
        StateHasChanged();
        try
        {
            BackupFile? made = null;
            if (await TryAsync(async who => made = await Actions.BackUpAsync(who, own.Token)))
            {
                result = $"{made!.Name} is made.";
            }
        }
        catch (OperationCanceledException)
        {
            Warn("The backup was cancelled. Nothing is left of it.");
        }
        catch (IOException fault)
        {
            Warn(fault.Message);
        }
        finally
        {
            cancel = null;
        }

        if (result is not null)
        {
            await ReloadAsync();
        }
    }

    private async Task RotateKeyAsync()
    {
        result = null;
        var number = 0;
        if (await TryAsync(async who => number = await Actions.RotateKeyAsync(who, CancellationToken.None)))
        {
            await ReloadAsync();
            result = $"Data key {number} seals from now on.";
        }
    }

    private async Task SetAsync()
    {
        result = null;
        string? problem = null;
        if (
            await TryAsync(async who =>
                problem = await Actions.SetRetentionAsync(
                    who,
                    new()
                    {
                        BodyDays = bodyDays,
                        UnusableDays = unusableDays,
                        CodeDays = codeDays,
                        EventDays = eventDays,
                        AccountDays = accountDays,
                        AuditDays = auditDays,
                    },
                    CancellationToken.None
                )
            )
        )
        {
            result = problem is null ? "The periods are set. What is older is given up within the hour." : null;
            if (problem is not null)
            {
                Warn(problem);
            }
        }
    }
}
