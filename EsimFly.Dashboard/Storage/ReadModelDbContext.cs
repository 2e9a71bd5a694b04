using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Postgres;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The read model, <c>read-model.db</c>: what is derived from the log. It can be deleted at any time and is rebuilt, so it has a version
/// (<see cref="ReadModelSchema.Version"/>) and no migrations. Only the projection writes to it, through
/// <see cref="Writing.ReadModelWriter"/>.
/// </summary>
internal sealed class ReadModelDbContext(DbContextOptions<ReadModelDbContext> options) : DbContext(options)
{
    public DbSet<PositionEntity> Position => Set<PositionEntity>();

    public DbSet<DeliveryEntity> Deliveries => Set<DeliveryEntity>();

    public DbSet<ArrivalEntity> Arrivals => Set<ArrivalEntity>();

    public DbSet<FailedTryEntity> FailedTries => Set<FailedTryEntity>();

    public DbSet<MinuteTallyEntity> MinuteTallies => Set<MinuteTallyEntity>();

    public DbSet<EventEntity> Events => Set<EventEntity>();

    public DbSet<EventEsimEntity> EventEsims => Set<EventEsimEntity>();

    public DbSet<OrderEntity> Orders => Set<OrderEntity>();

    public DbSet<EsimEntity> Esims => Set<EsimEntity>();

    public DbSet<TopUpEntity> TopUps => Set<TopUpEntity>();

    public DbSet<BalanceReadingEntity> BalanceReadings => Set<BalanceReadingEntity>();

    // A change here is a new version of the schema. Partial indexes are found by their condition, word for word.
    protected override void OnModelCreating(ModelBuilder builder)
    {
        builder.Entity<PositionEntity>(position =>
        {
            position.ToTable("Position").HasKey(row => row.Id);
            position.Property(row => row.Id).ValueGeneratedNever();
        });

        builder.Entity<DeliveryEntity>(delivery =>
        {
            delivery.ToTable("Deliveries").HasKey(row => row.Seq);
            delivery.Property(row => row.Seq).ValueGeneratedNever();
            delivery.HasIndex(row => new { row.IsTest, row.BodyHash }, "BodyHashes").IsUnique();
            delivery.HasIndex(row => new { row.IsTest, row.DeliveryId }, "DeliveryIds");
            delivery.HasIndex(row => new { row.State, row.Seq }, "Exceptions").HasFilter("\"State\" <> 1"); // few: all others are processed
            delivery.HasIndex(row => new { row.EventName, row.Seq });
            delivery.HasIndex(row => row.ReceivedAtMs);
            delivery.HasIndex(row => row.Seq, "TestDeliveries").HasFilter("\"IsTest\"");
        });

        builder.Entity<ArrivalEntity>(arrival =>
        {
            arrival.ToTable("Arrivals").HasKey(row => row.Id);
            arrival.Property(row => row.Id).ValueGeneratedNever();
            arrival.HasIndex(row => row.DeliverySeq);
            // Few: those for which a retry is expected.
            arrival.HasIndex(row => row.ReceivedAtMs).HasFilter("\"Status\" <> 200 OR \"DurationUs\" > 5000000");
        });

        builder.Entity<FailedTryEntity>(failed =>
        {
            failed.ToTable("FailedTries").HasKey(row => row.Id);
            failed.HasIndex(row => row.DeliverySeq);
        });

        builder.Entity<MinuteTallyEntity>(tally =>
            tally
                .ToTable("MinuteTallies")
                .HasKey(row => new
                {
                    row.IsTest,
                    row.MinuteMs,
                    row.State,
                    row.TookMs,
                })
        );

        builder.Entity<EventEntity>(entity =>
        {
            entity.ToTable("Events").HasKey(row => row.DeliverySeq);
            entity.Property(row => row.DeliverySeq).ValueGeneratedNever();
            entity.HasIndex(row => new { row.IsTest, row.OrderKey }, "EventsOfOrders");
            entity.HasIndex(
                row => new
                {
                    row.IsTest,
                    row.OrderReference,
                    row.OrderId,
                },
                "EventsOfReferences"
            );
            entity.HasIndex(row => row.DeliverySeq, "TestEvents").HasFilter("\"IsTest\"");
        });

        builder.Entity<EventEsimEntity>(entity =>
        {
            entity.ToTable("EventEsims").HasKey(row => new { row.DeliverySeq, row.Iccid });
            entity.HasIndex(
                row => new
                {
                    row.IsTest,
                    row.Iccid,
                    row.DeliverySeq,
                },
                "EventsOfEsims"
            );
        });

        builder.Entity<OrderEntity>(order =>
        {
            order.ToTable("Orders").HasKey(row => new { row.IsTest, row.OrderKey });
            order.HasIndex(row => new { row.SortAtMs, row.OrderKey });
            order.HasIndex(row => new
            {
                row.Status,
                row.SortAtMs,
                row.OrderKey,
                row.IsTest,
            });
            // Few: those whose order.created is missing.
            order.HasIndex(row => new { row.IsTest, row.SortAtMs }).HasFilter("(\"Flags\" & 1) <> 0");
            // Few: those that have more than one reference.
            order.HasIndex(row => row.OtherReferencesSearch).HasFilter("\"OtherReferencesSearch\" IS NOT NULL");
            order.HasIndex(row => row.FailedAtMs).HasFilter("\"FailedAtMs\" IS NOT NULL");
            order.HasIndex(row => row.OrderIdSearch);
            order.HasIndex(row => row.OrderReferenceSearch);
            order.HasIndex(row => row.OrderIdReversed);
            order.HasIndex(row => row.OrderReferenceReversed);
            order.HasIndex(row => new
            {
                row.PackageName,
                row.SortAtMs,
                row.OrderKey,
            });
            order.HasIndex(row => new { row.SortAtMs, row.OrderKey }, "TestOrders").HasFilter("\"IsTest\"");
        });

        builder.Entity<EsimEntity>(esim =>
        {
            esim.ToTable("Esims").HasKey(row => new { row.IsTest, row.Iccid });
            esim.HasIndex(row => row.Iccid);
            esim.HasIndex(row => row.IccidReversed);
            esim.HasIndex(row => row.EidReversed).HasFilter("\"EidReversed\" IS NOT NULL");
            esim.HasIndex(row => row.ImsiReversed).HasFilter("\"ImsiReversed\" IS NOT NULL");
            // Few: those that no order is known to have brought.
            esim.HasIndex(row => new { row.IsTest, row.SortAtMs }).HasFilter("(\"Flags\" & 1) <> 0");
            esim.HasIndex(row => new { row.IsTest, row.OrderKey });
            esim.HasIndex(row => new { row.SortAtMs, row.Iccid });
            esim.HasIndex(row => new
            {
                row.PlanStatus,
                row.SortAtMs,
                row.Iccid,
            });
            esim.HasIndex(row => new
            {
                row.IsTest,
                row.PlanStatus,
                row.ExpiresAtMs,
                row.Iccid,
            });
            esim.HasIndex(row => new { row.SortAtMs, row.Iccid }, "TestEsims").HasFilter("\"IsTest\"");
        });

        builder.Entity<TopUpEntity>(topUp =>
        {
            topUp.ToTable("TopUps").HasKey(row => row.DeliverySeq);
            topUp.Property(row => row.DeliverySeq).ValueGeneratedNever();
            topUp.HasIndex(row => new { row.IsTest, row.Iccid });
            topUp.HasIndex(row => new { row.SortAtMs, row.DeliverySeq });
            topUp.HasIndex(row => row.DeliverySeq, "FailedTopUps").HasFilter("NOT \"Succeeded\"");
            topUp.HasIndex(row => new { row.SortAtMs, row.DeliverySeq }, "FailedTopUpsByTime").HasFilter("NOT \"Succeeded\"");
            topUp.HasIndex(row => row.DeliverySeq, "TestTopUps").HasFilter("\"IsTest\"");
            topUp.HasIndex(row => new
            {
                row.IsTest,
                row.Succeeded,
                row.OccurredAtMs,
            });
        });

        builder.Entity<BalanceReadingEntity>(reading =>
        {
            reading.ToTable("BalanceReadings").HasKey(row => row.DeliverySeq);
            reading.Property(row => row.DeliverySeq).ValueGeneratedNever();
            reading.HasIndex(row => new { row.IsTest, row.OccurredAtMs });
        });
        if (Database.IsNpgsql())
        {
            builder.CompareByBytes();
        }
    }
}
