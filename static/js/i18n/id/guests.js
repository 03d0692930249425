/**
 * Bahasa Indonesia untuk tamu.
 */
export const words = {
  "guest.contact": "Kontak",
  "guest.is_vip": "Tamu VIP",
  "guest.profile": "Profil",
  "guest.stays": "Menginap",
  "guest.no_stays": "Belum pernah menginap",
  "guest.no_stays_text": "Reservasi tamu ini akan tampil di sini.",
  "guest.find_or_new": "Cari tamu atau isi nama baru",
  "guest.choose_other": "Pilih tamu lain",
  "guest.maybe_known": "Mungkin tamu ini:",
  "guest.use_this": "Pakai tamu ini",
  "guest.merge": "Gabungkan dengan profil lain",
  "guest.merge_title": "Gabungkan ke {guest}",
  "guest.merge_text":
    "Semua masa inap profil lain dipindahkan ke {guest}, dan data yang kosong dilengkapi dari sana. Tindakan ini tidak dapat diurungkan.",
  "guest.merge_choose": "Pilih profil yang akan digabungkan.",
  "guest.merge_other": "Profil yang digabungkan",
  "guest.merge_submit": "Gabungkan",
  "guest.merged": "Profil digabungkan: {guest}.",
  "guest.anonymise": "Hapus data pribadi",
  "guest.anonymise_title": "Hapus data pribadi {guest}?",
  "guest.anonymise_text":
    "Nama, kontak, dokumen identitas, dan catatan dihapus permanen. Masa inap dan tagihan tetap disimpan tanpa nama.",
  "guest.anonymise_submit": "Hapus permanen",
  "guest.anonymised": "Data pribadi dihapus.",

  "guests.search": "Nama, email, atau telepon",
  "guests.only_vip": "Hanya VIP",
  "guests.new": "Tamu baru",
  "guests.none": "Belum ada tamu",
  "guests.none_text": "Tamu ditambahkan bersama reservasi pertamanya.",
  "guests.none_found": "Tidak ada tamu yang cocok",
  "guests.none_found_text": "Coba sebagian nama, nomor telepon, atau alamat email.",

  "id_type.passport": "Paspor",
  "id_type.id_card": "KTP / kartu identitas",
  "id_type.driving_licence": "SIM",
  "id_type.other": "Lainnya",
  "guest.data_json": "Data pribadi sebagai berkas (JSON)",
  "guest.data_pdf": "Data pribadi untuk diserahkan (PDF)",
};
