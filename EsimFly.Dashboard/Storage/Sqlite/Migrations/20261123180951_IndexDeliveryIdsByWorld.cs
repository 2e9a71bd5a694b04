using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EsimFly.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class IndexDeliveryIdsByWorld : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Deliveries_DeliveryId",
                table: "Deliveries");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_IsTest_DeliveryId",
                table: "Deliveries",
                columns: new[] { "IsTest", "DeliveryId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Deliveries_IsTest_DeliveryId",
                table: "Deliveries");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_DeliveryId",
                table: "Deliveries",
                column: "DeliveryId");
        }
    }
}
