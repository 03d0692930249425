/**
 * Indonesian for what is sold beside the rooms.
 */
export const words = {
  "articles.title": "Artikel",
  "articles.lead": "Yang dijual selain kamar: sarapan, parkir, binatu",
  "articles.none": "Belum ada artikel",
  "articles.none_text": "Tambahkan yang sering dijual: resepsionis lalu memasukkannya ke tagihan dengan satu klik.",
  "articles.add": "Tambah artikel",
  "articles.name_hint": "Seperti tertulis di tagihan",
  "articles.price_hint": "Kosongkan bila harga diketik setiap kali",
  "articles.asked": "Diketik setiap kali",
  "articles.tax_group": "Kelompok pajak",
  "articles.as_extras": "Sama dengan tambahan",
  "articles.favourite": "Tawarkan di setiap tagihan dengan satu klik",
  "articles.is_food": "Dihitung sebagai makanan dan minuman dalam laporan",
  "articles.on_bills": "Di setiap tagihan",
  "articles.favourites": "Tambahkan ke tagihan",
  "articles.sold": "{article} ditambahkan ke tagihan {guest}.",
  "articles.choose": "Artikel",
  "articles.other": "Lainnya",
};
