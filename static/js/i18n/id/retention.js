/**
 * Indonesian for how long guests' data are kept.
 */
export const words = /** @type {const} */ ({
  "retention.title": "Data tamu",
  "retention.lead": "Berapa lama disimpan, dan data siapa yang dihapus berikutnya",
  "retention.rules": "Masa simpan",
  "retention.profile_years": "Profil: tahun setelah menginap terakhir",
  "retention.profile_years_hint": "Nama, kontak, dan catatan dihapus; masa inap dan jumlahnya tetap ada. Bila kosong, profil disimpan sampai seseorang menghapusnya.",
  "retention.registration_months": "Data registrasi: bulan setelah menginap",
  "retention.registration_months_hint": "Nomor dokumen, alamat rumah, dan tempat lahir. Bila kosong, disimpan selama profilnya.",
  "retention.law_months": "Aturan pendaftaran negara ini meminta {months} bulan.",
  "retention.invoice_years": "Nama pada faktur: tahun setelah diterbitkan",
  "retention.invoice_years_hint": "Faktur tamu yang datanya dihapus tetap memuat nama selama diwajibkan hukum pajak.",
  "retention.is_on": "Hapus setiap malam",
  "retention.is_on_hint": "Pukul empat pagi, pertama kali pada malam berikutnya. Tamu dengan masa inap atau saldo terbuka tidak dihapus.",
  "retention.tonight_on": "Data tamu berikut akan dihapus malam ini. Untuk mempertahankannya, buat reservasi baru atau perpanjang masa simpan.",
  "retention.tonight_off": "Tidak ada yang dihapus otomatis. Dengan aturan ini, tamu berikut yang akan dihapus.",
  "retention.tonight_typed": "Dengan isian ini, tamu berikut yang akan dihapus. Belum ada yang disimpan.",
  "retention.profiles": "Tamu",
  "retention.registrations": "Data registrasi masa inap",
  "retention.last_stay": "Menginap terakhir sampai",
  "retention.never_stayed": "Belum pernah menginap",
  "retention.booking": "Reservasi",
  "retention.nobody": "Tidak ada",
  "retention.nobody_text": "Tidak ada data tamu yang sudah disimpan selama itu.",
});
