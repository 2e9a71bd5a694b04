using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace EsimFly.Dashboard.Storage;

/// <summary>The database as queries see it. What is written goes through <see cref="Writing.StorageWriter"/>.</summary>
internal sealed class DashboardDbContext(DbContextOptions<DashboardDbContext> options) : DbContext(options)
{
    public DbSet<DeliveryEntity> Deliveries => Set<DeliveryEntity>();

    public DbSet<ArrivalEntity> Arrivals => Set<ArrivalEntity>();

    public DbSet<RejectedEntity> Rejected => Set<RejectedEntity>();

    public DbSet<FailedTryEntity> FailedTries => Set<FailedTryEntity>();

    public DbSet<EventEntity> Events => Set<EventEntity>();

    public DbSet<EventEsimEntity> EventEsims => Set<EventEsimEntity>();

    public DbSet<OrderEntity> Orders => Set<OrderEntity>();

    public DbSet<EsimEntity> Esims => Set<EsimEntity>();

    public DbSet<TopUpEntity> TopUps => Set<TopUpEntity>();

    public DbSet<BalanceReadingEntity> BalanceReadings => Set<BalanceReadingEntity>();

    public DbSet<AlertEntity> Alerts => Set<AlertEntity>();

    public DbSet<SettingEntity> Settings => Set<SettingEntity>();

    public DbSet<SigningSecretEntity> SigningSecrets => Set<SigningSecretEntity>();

    public DbSet<SecretMatchEntity> SecretMatches => Set<SecretMatchEntity>();

    public DbSet<DataKeyEntity> DataKeys => Set<DataKeyEntity>();

    public DbSet<AccountEntity> Accounts => Set<AccountEntity>();

    public DbSet<AuditEntity> Audit => Set<AuditEntity>();

    public DbSet<ApiTokenEntity> ApiTokens => Set<ApiTokenEntity>();

    public DbSet<OneTimeLinkEntity> OneTimeLinks => Set<OneTimeLinkEntity>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        DescribeAccounts(builder);

        builder.Entity<DeliveryEntity>(delivery =>
        {
            delivery.ToTable("Deliveries").HasKey(row => row.Seq);
            delivery.HasIndex(row => new { row.IsTest, row.BodyHash }).IsUnique();
            delivery.HasIndex(row => new { row.IsTest, row.DeliveryId });
            delivery.HasIndex(row => new { row.State, row.Seq });
            delivery.HasIndex(row => new { row.EventName, row.Seq });
            delivery.HasIndex(row => row.ReceivedAtMs);
        });

        builder.Entity<ArrivalEntity>(arrival =>
        {
            arrival.ToTable("Arrivals").HasKey(row => row.Id);
            arrival.HasIndex(row => row.DeliverySeq);
            arrival.HasIndex(row => row.ReceivedAtMs).HasFilter("\"Status\" <> 200 OR \"DurationUs\" > 5000000"); // few: those for which a retry is expected
        });

        builder.Entity<FailedTryEntity>(failed =>
        {
            failed.ToTable("FailedTries").HasKey(row => row.Id);
            failed.HasIndex(row => row.DeliverySeq);
        });

        builder.Entity<RejectedEntity>().ToTable("Rejected").HasKey(row => row.Id);

        builder.Entity<EventEntity>(entity =>
        {
            entity.ToTable("Events").HasKey(row => row.DeliverySeq);
            entity.Property(row => row.DeliverySeq).ValueGeneratedNever();
            entity.HasIndex(row => new { row.IsTest, row.OrderKey });
            entity.HasIndex(row => new { row.IsTest, row.OrderReference, row.OrderId });
        });

        builder.Entity<EventEsimEntity>(entity =>
        {
            entity.ToTable("EventEsims").HasKey(row => new { row.DeliverySeq, row.Iccid });
            entity.HasIndex(row => new { row.IsTest, row.Iccid, row.DeliverySeq });
        });

        builder.Entity<OrderEntity>(order =>
        {
            order.ToTable("Orders").HasKey(row => new { row.IsTest, row.OrderKey });
            order.HasIndex(row => new { row.SortAtMs, row.OrderKey });
            order.HasIndex(row => new { row.Status, row.SortAtMs, row.OrderKey });
            order.HasIndex(row => new { row.IsTest, row.SortAtMs }).HasFilter("(\"Flags\" & 1) <> 0"); // few: those whose order.created is missing
            order.HasIndex(row => row.FailedAtMs).HasFilter("\"FailedAtMs\" IS NOT NULL");
            order.HasIndex(row => row.OrderIdSearch);
            order.HasIndex(row => row.OrderReferenceSearch);
        });

        builder.Entity<EsimEntity>(esim =>
        {
            esim.ToTable("Esims").HasKey(row => new { row.IsTest, row.Iccid });
            esim.HasIndex(row => row.Iccid);
            esim.HasIndex(row => row.IccidReversed);
            esim.HasIndex(row => new { row.IsTest, row.SortAtMs }).HasFilter("(\"Flags\" & 1) <> 0"); // few: those that no order is known to have brought
            esim.HasIndex(row => new { row.IsTest, row.OrderKey });
            esim.HasIndex(row => new { row.SortAtMs, row.Iccid });
            esim.HasIndex(row => new { row.PlanStatus, row.SortAtMs, row.Iccid });
            esim.HasIndex(row => new { row.IsTest, row.PlanStatus, row.ExpiresAtMs, row.Iccid });
        });

        builder.Entity<TopUpEntity>(topUp =>
        {
            topUp.ToTable("TopUps").HasKey(row => row.DeliverySeq);
            topUp.Property(row => row.DeliverySeq).ValueGeneratedNever();
            topUp.HasIndex(row => new { row.IsTest, row.Iccid });
            topUp.HasIndex(row => row.OccurredAtMs);
            topUp.HasIndex(row => new { row.IsTest, row.Succeeded, row.OccurredAtMs });
        });

        builder.Entity<BalanceReadingEntity>(reading =>
        {
            reading.ToTable("BalanceReadings").HasKey(row => row.DeliverySeq);
            reading.Property(row => row.DeliverySeq).ValueGeneratedNever();
            reading.HasIndex(row => new { row.IsTest, row.OccurredAtMs });
        });

        builder.Entity<AlertEntity>(alert =>
        {
            alert.ToTable("Alerts").HasKey(row => row.Id);
            alert.HasIndex(row => new { row.Kind, row.Key }).IsUnique().HasFilter("\"EndedAtMs\" IS NULL");
            alert.HasIndex(row => row.RaisedAtMs);
        });
        builder.Entity<SettingEntity>().ToTable("Settings").HasKey(row => row.Name);

        builder.Entity<SigningSecretEntity>().ToTable("SigningSecrets").HasKey(row => row.Id);
        builder.Entity<SecretMatchEntity>(match =>
        {
            match.ToTable("SecretMatches").HasKey(row => row.SecretId);
            match.Property(row => row.SecretId).ValueGeneratedNever();
        });
        builder.Entity<DataKeyEntity>().ToTable("DataKeys").HasKey(row => row.Id);

        builder.Entity<AuditEntity>(audit =>
        {
            audit.ToTable("Audit").HasKey(row => row.Id);
            audit.HasIndex(row => new { row.Action, row.Id });
            audit.HasIndex(row => new { row.Subject, row.Id });
        });
        builder.Entity<ApiTokenEntity>(token =>
        {
            token.ToTable("ApiTokens").HasKey(row => row.Id);
            token.HasIndex(row => row.Prefix).IsUnique();
        });
        builder.Entity<OneTimeLinkEntity>().ToTable("OneTimeLinks").HasKey(row => row.Id);
    }

    // What ASP.NET Core Identity's store reads and writes (its schema of version 3, without roles).
    private static void DescribeAccounts(ModelBuilder builder)
    {
        builder.Entity<AccountEntity>(account =>
        {
            account.ToTable("Accounts").HasKey(row => row.Id);
            account.HasIndex(row => row.NormalizedUserName).IsUnique();
            account.HasIndex(row => row.NormalizedEmail).IsUnique();
            account.Property(row => row.ConcurrencyStamp).IsConcurrencyToken();
            account.Property(row => row.LockoutEnd).HasConversion(new ValueConverter<DateTimeOffset, long>(
                static instant => instant.ToUnixTimeMilliseconds(), static instant => DateTimeOffset.FromUnixTimeMilliseconds(instant)));
        });
        builder.Entity<IdentityUserClaim<string>>(claim =>
        {
            claim.ToTable("AccountClaims").HasKey(row => row.Id);
            claim.HasIndex(row => row.UserId);
        });
        builder.Entity<IdentityUserLogin<string>>(login =>
        {
            login.ToTable("AccountLogins").HasKey(row => new { row.LoginProvider, row.ProviderKey });
            login.HasIndex(row => row.UserId);
        });
        builder.Entity<IdentityUserToken<string>>().ToTable("AccountTokens").HasKey(row => new { row.UserId, row.LoginProvider, row.Name });
        builder.Entity<IdentityUserPasskey<string>>(passkey =>
        {
            passkey.ToTable("AccountPasskeys").HasKey(row => row.CredentialId);
            passkey.HasIndex(row => row.UserId);
            passkey.OwnsOne(row => row.Data).ToJson();
        });
    }
}
