using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Postgres;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The event log, <c>esimfly.db</c>: what was received and what people decided. Nothing in it can be rebuilt. What is written
/// goes through <see cref="Writing.LogWriter"/>.
/// </summary>
internal class LogDbContext : DbContext, IDataProtectionKeyContext
{
    /// <summary>Opens the store.</summary>
    public LogDbContext(DbContextOptions<LogDbContext> options)
        : base(options) { }

    /// <summary>For migrations of another database.</summary>
    protected LogDbContext(DbContextOptions options)
        : base(options) { }

    public DbSet<LogEntryEntity> Log => Set<LogEntryEntity>();

    public DbSet<RepeatCountEntity> RepeatCounts => Set<RepeatCountEntity>();

    public DbSet<RejectedEntity> Rejected => Set<RejectedEntity>();

    public DbSet<AlertEntity> Alerts => Set<AlertEntity>();

    public DbSet<SettingEntity> Settings => Set<SettingEntity>();

    public DbSet<SigningSecretEntity> SigningSecrets => Set<SigningSecretEntity>();

    public DbSet<SecretMatchEntity> SecretMatches => Set<SecretMatchEntity>();

    public DbSet<DataKeyEntity> DataKeys => Set<DataKeyEntity>();

    public DbSet<AccountEntity> Accounts => Set<AccountEntity>();

    public DbSet<AuditEntity> Audit => Set<AuditEntity>();

    public DbSet<ApiTokenEntity> ApiTokens => Set<ApiTokenEntity>();

    public DbSet<OneTimeLinkEntity> OneTimeLinks => Set<OneTimeLinkEntity>();

    public DbSet<ErasureEntity> Erasures => Set<ErasureEntity>();

    public DbSet<CaseEntity> Cases => Set<CaseEntity>();

    public DbSet<NoteEntity> Notes => Set<NoteEntity>();

    public DbSet<CustomerEntity> Customers => Set<CustomerEntity>();

    public DbSet<SavedViewEntity> SavedViews => Set<SavedViewEntity>();

    public DbSet<InstanceEntity> Instances => Set<InstanceEntity>();

    /// <summary>Data Protection's keys, where they are kept here and not in a folder.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        DescribeAccounts(builder);

        builder.Entity<LogEntryEntity>(entry =>
        {
            entry.ToTable("Log").HasKey(row => row.Seq); // no index but this: one on the hash would halve the rate of appending
            entry.Property(row => row.Seq).ValueGeneratedNever();
        });
        builder.Entity<RepeatCountEntity>(count =>
        {
            count.ToTable("RepeatCounts").HasKey(row => row.Seq);
            count.Property(row => row.Seq).ValueGeneratedNever();
        });

        builder.Entity<RejectedEntity>().ToTable("Rejected").HasKey(row => row.Id);

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

        builder.Entity<ErasureEntity>().ToTable("Erasures").HasKey(row => row.Hash);

        builder.Entity<CaseEntity>(one =>
        {
            one.ToTable("Cases")
                .HasKey(row => new
                {
                    row.Kind,
                    row.Key,
                    row.IsTest,
                });
            one.HasIndex(row => row.OwnerId).HasFilter("\"OwnerId\" IS NOT NULL");
            one.HasIndex(row => row.FollowUpAtMs).HasFilter("\"FollowUpAtMs\" IS NOT NULL");
        });
        builder.Entity<NoteEntity>(note =>
        {
            note.ToTable("Notes").HasKey(row => row.Id);
            note.HasIndex(row => new
            {
                row.Kind,
                row.Key,
                row.IsTest,
            });
        });
        builder.Entity<CustomerEntity>(customer =>
        {
            customer.ToTable("Customers").HasKey(row => new { row.IsTest, row.OrderSearch });
            customer.HasIndex(row => row.EmailHash).HasFilter("\"EmailHash\" IS NOT NULL");
            customer.HasIndex(row => row.ShopOrderHash).HasFilter("\"ShopOrderHash\" IS NOT NULL");
        });
        builder.Entity<SavedViewEntity>(view =>
        {
            view.ToTable("SavedViews").HasKey(row => row.Id);
            view.HasIndex(row => row.List);
        });

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
            // Of those made before there were any.
            token.Property(row => row.Scopes).HasDefaultValue(ApiScopes.All).HasSentinel(ApiScopes.All);
        });
        builder.Entity<OneTimeLinkEntity>().ToTable("OneTimeLinks").HasKey(row => row.Id);

        builder.Entity<InstanceEntity>(instance =>
        {
            instance.ToTable("Instances").HasKey(row => row.Id);

            // As versions before 1.0 call them, which may still run beside this one.
            instance.Property(row => row.ReadModelVersion).HasColumnName("DeskVersion");
            instance.Property(row => row.IsLeader).HasColumnName("IsCaretaker");
        });
        builder.Entity<DataProtectionKey>().ToTable("DataProtectionKeys").HasKey(row => row.Id);
        if (Database.IsNpgsql())
        {
            builder.CompareByBytes();
        }
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
            account
                .Property(row => row.LockoutEnd)
                .HasConversion(
                    new ValueConverter<DateTimeOffset, long>(
                        static instant => instant.ToUnixTimeMilliseconds(),
                        static instant => DateTimeOffset.FromUnixTimeMilliseconds(instant)
                    )
                );
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
        builder
            .Entity<IdentityUserToken<string>>()
            .ToTable("AccountTokens")
            .HasKey(row => new
            {
                row.UserId,
                row.LoginProvider,
                row.Name,
            });
        builder.Entity<IdentityUserPasskey<string>>(passkey =>
        {
            passkey.ToTable("AccountPasskeys").HasKey(row => row.CredentialId);
            passkey.HasIndex(row => row.UserId);
            passkey.OwnsOne(row => row.Data).ToJson();
        });
    }
}
