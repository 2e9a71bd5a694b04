using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>The database as queries see it. What is written goes through <see cref="Writing.StorageWriter"/>.</summary>
internal sealed class DashboardDbContext(DbContextOptions<DashboardDbContext> options) : DbContext(options)
{
    public DbSet<DeliveryEntity> Deliveries => Set<DeliveryEntity>();

    public DbSet<ArrivalEntity> Arrivals => Set<ArrivalEntity>();

    public DbSet<RejectedEntity> Rejected => Set<RejectedEntity>();

    public DbSet<EventEntity> Events => Set<EventEntity>();

    public DbSet<EventEsimEntity> EventEsims => Set<EventEsimEntity>();

    public DbSet<OrderEntity> Orders => Set<OrderEntity>();

    public DbSet<EsimEntity> Esims => Set<EsimEntity>();

    public DbSet<TopUpEntity> TopUps => Set<TopUpEntity>();

    public DbSet<BalanceReadingEntity> BalanceReadings => Set<BalanceReadingEntity>();

    public DbSet<SigningSecretEntity> SigningSecrets => Set<SigningSecretEntity>();

    public DbSet<DataKeyEntity> DataKeys => Set<DataKeyEntity>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DeliveryEntity>(delivery =>
        {
            delivery.ToTable("Deliveries").HasKey(row => row.Seq);
            delivery.HasIndex(row => new { row.IsTest, row.BodyHash }).IsUnique();
            delivery.HasIndex(row => new { row.IsTest, row.DeliveryId });
            delivery.HasIndex(row => new { row.State, row.Seq });
            delivery.HasIndex(row => new { row.EventName, row.Seq });
            delivery.HasIndex(row => row.ReceivedAtMs);
        });

        modelBuilder.Entity<ArrivalEntity>(arrival =>
        {
            arrival.ToTable("Arrivals").HasKey(row => row.Id);
            arrival.HasIndex(row => row.DeliverySeq);
        });

        modelBuilder.Entity<RejectedEntity>().ToTable("Rejected").HasKey(row => row.Id);

        modelBuilder.Entity<EventEntity>(entity =>
        {
            entity.ToTable("Events").HasKey(row => row.DeliverySeq);
            entity.Property(row => row.DeliverySeq).ValueGeneratedNever();
            entity.HasIndex(row => new { row.IsTest, row.OrderKey });
            entity.HasIndex(row => new { row.IsTest, row.OrderReference, row.OrderId });
        });

        modelBuilder.Entity<EventEsimEntity>(entity =>
        {
            entity.ToTable("EventEsims").HasKey(row => new { row.DeliverySeq, row.Iccid });
            entity.HasIndex(row => new { row.IsTest, row.Iccid, row.DeliverySeq });
        });

        modelBuilder.Entity<OrderEntity>(order =>
        {
            order.ToTable("Orders").HasKey(row => new { row.IsTest, row.OrderKey });
            order.HasIndex(row => new { row.SortAtMs, row.OrderKey });
            order.HasIndex(row => new { row.Status, row.SortAtMs, row.OrderKey });
            order.HasIndex(row => row.OrderIdSearch);
            order.HasIndex(row => row.OrderReferenceSearch);
        });

        modelBuilder.Entity<EsimEntity>(esim =>
        {
            esim.ToTable("Esims").HasKey(row => new { row.IsTest, row.Iccid });
            esim.HasIndex(row => row.Iccid);
            esim.HasIndex(row => row.IccidReversed);
            esim.HasIndex(row => new { row.IsTest, row.OrderKey });
            esim.HasIndex(row => new { row.SortAtMs, row.Iccid });
            esim.HasIndex(row => new { row.PlanStatus, row.SortAtMs, row.Iccid });
            esim.HasIndex(row => new { row.IsTest, row.PlanStatus, row.ExpiresAtMs });
        });

        modelBuilder.Entity<TopUpEntity>(topUp =>
        {
            topUp.ToTable("TopUps").HasKey(row => row.DeliverySeq);
            topUp.Property(row => row.DeliverySeq).ValueGeneratedNever();
            topUp.HasIndex(row => new { row.IsTest, row.Iccid });
            topUp.HasIndex(row => new { row.IsTest, row.Succeeded, row.OccurredAtMs });
        });

        modelBuilder.Entity<BalanceReadingEntity>(reading =>
        {
            reading.ToTable("BalanceReadings").HasKey(row => row.DeliverySeq);
            reading.Property(row => row.DeliverySeq).ValueGeneratedNever();
            reading.HasIndex(row => new { row.IsTest, row.OccurredAtMs });
        });

        modelBuilder.Entity<SigningSecretEntity>().ToTable("SigningSecrets").HasKey(row => row.Id);
        modelBuilder.Entity<DataKeyEntity>().ToTable("DataKeys").HasKey(row => row.Id);
    }
}
