using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EsimFly.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class SlimDeliveryIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Orders_IsTest_OrderReference",
                table: "Orders");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_DeliveryIdSearch",
                table: "Deliveries");

            // Not DropColumn: EF Core would copy the table, outside of any transaction.
            migrationBuilder.Sql("""ALTER TABLE "Deliveries" DROP COLUMN "DeliveryIdSearch" """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "DeliveryIdSearch",
                table: "Deliveries",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Orders_IsTest_OrderReference",
                table: "Orders",
                columns: new[] { "IsTest", "OrderReference" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_DeliveryIdSearch",
                table: "Deliveries",
                column: "DeliveryIdSearch");
        }
    }
}
