/**
 * Bahasa Indonesia untuk angka.
 */
export const words = {
  "stats.figure": "Angka",
  "stats.occupancy_rate": "Tingkat hunian",
  "stats.adr": "ADR",
  "stats.revpar": "RevPAR",
  "stats.room_revenue": "Pendapatan kamar",
  "stats.nothing_before": "Tidak ada data tahun lalu",
  "stats.against": "{change} dibanding {before} tahun lalu",
  "stats.against_then": "{change} dari {before} setahun yang lalu",
  "stats.unchanged": "Sama dengan tahun lalu",
  "stats.points": "{change} poin",
  "stats.before": "tahun lalu {value}",
  "stats.year_before": "{name} tahun lalu",
  "stats.key": "Batang: periode ini. Garis putus: hari yang sama tahun lalu.",
  "stats.key_then":
    "Batang: periode ini, menurut reservasi sejauh ini. Garis putus: hari yang sama tahun lalu, menurut reservasi sampai {date}.",
  "stats.hint": "Arahkan ke batang, atau gunakan tombol panah, untuk rinciannya.",
  "stats.chart_label": "Grafik {name}, {count} nilai. Gunakan tombol panah untuk membacanya.",
  "stats.as_table": "Tampilkan sebagai tabel",
  "stats.sold": "Terjual",
  "stats.available": "Tersedia",
  "stats.unpriced.other":
    "{count} malam belum ada harganya: malam ini kamarnya masih dipakai tamu yang lewat tanggal keluar. Dihitung terjual, tetapi tidak masuk ADR.",
  "stats.house_use.other": "{count} malam dipakai hotel sendiri (house use); masuk okupansi, tidak masuk ADR.",
  "stats.complimentary.other": "{count} malam diberikan cuma-cuma.",
  "stats.with_out_of_order": "Tingkat hunian termasuk kamar yang tidak dijual: {rate}.",
  "stats.by_source": "Per sumber (kedatangan dalam periode)",
  "stats.by_status": "Per status",
  "stats.share": "Porsi malam",
  "stats.bookings": "Reservasi",
  "stats.no_bookings": "Tidak ada kedatangan pada periode ini",
};
