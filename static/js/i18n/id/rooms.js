/**
 * Bahasa Indonesia untuk kamar dan tipenya.
 */
export const words = {
  "rooms.types": "Tipe kamar",
  "rooms.add_type": "Tambah tipe kamar",
  "rooms.beds": "Tempat tidur",
  "rooms.amenities": "Fasilitas",
  "rooms.amenities_hint": "Pisahkan dengan koma",
  "rooms.no_types": "Belum ada tipe kamar",
  "rooms.no_types_text": "Tambahkan tipe kamar dahulu, lalu kamarnya.",
  "rooms.search": "Nomor kamar",
  "rooms.view": "Pemandangan",
  "rooms.blocked": "Ditutup",
  "rooms.none_found": "Tidak ada kamar yang cocok",
  "rooms.none_text": "Rentang seperti 101-112 menambahkan semuanya sekaligus.",
  "rooms.delete_title": "Hapus {name}?",
  "rooms.delete_text": "Hanya yang belum pernah dipesan yang dapat dihapus.",
  "rooms.blocks": "Tutup kamar",
  "rooms.blocks_of": "Penutupan kamar {room}",
  "rooms.blocks_hint":
    "“Tidak dijual” menarik kamar dari penjualan; “perlu perbaikan” tetap menjualnya dengan peringatan.",
  "rooms.no_blocks": "Dipakai pada semua hari mendatang.",
  "rooms.block": "Tutup kamar",
  "rooms.release": "Buka kembali",
};
