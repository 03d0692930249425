/**
 * Bahasa Indonesia untuk harga.
 */
export const words = {
  "prices.plans": "Paket harga",
  "prices.add_plan": "Tambah paket harga",
  "prices.own": "Harga sendiri",
  "prices.from_plan": "Berdasarkan {name}",
  "prices.offset": "Selisih",
  "prices.offset_hint": "-10 menurunkan harga, 10 menaikkannya",
  "prices.in": "Satuan",
  "prices.percent": "Persen",
  "prices.before": "Dua minggu sebelumnya",
  "prices.after": "Dua minggu berikutnya",
  "prices.first": "Malam pertama",
  "prices.last": "Malam terakhir",
  "prices.hint": "Kosongkan untuk kembali ke harga standar. Reservasi yang sudah ada tidak berubah.",
  "prices.weekdays": "Pada hari-hari ini",
};
