/**
 * Bahasa Indonesia untuk masuk, staf, dan perangkatnya.
 */
export const words = {
  "login.title": "Masuk",
  "login.welcome": "Selamat datang kembali",
  "login.lead": "Masuk untuk membuka meja resepsionis.",
  "login.again": "Masuk lagi",
  "login.again_text": "Sesi Anda telah berakhir. Masuk lagi untuk melanjutkan.",

  "password.changed": "Kata sandi sudah diganti.",
  "password.current": "Kata sandi sekarang",
  "password.new": "Kata sandi baru",

  "pin.title": "PIN",
  "pin.new": "PIN baru",
  "pin.hint": "4 sampai 8 angka, untuk perangkat terdaftar. Kosongkan untuk menghapusnya.",
  "pin.by_password": "Masuk dengan kata sandi",
  "pin.erase": "Hapus angka terakhir",

  "session.title": "Perangkat tempat Anda masuk",
  "session.here": "perangkat ini",

  "staff.add": "Tambah staf",
  "staff.roles": "Wewenang tiap peran",
  "staff.owner": "Semuanya, termasuk akun pemilik lain.",
  "staff.manager": "Semuanya kecuali akun pemilik: pengaturan, kamar, harga, staf.",
  "staff.receptionist": "Reservasi, tamu, check-in dan check-out, pembayaran, status kamar.",
  "staff.housekeeper": "Housekeeping saja. Tanpa tamu, reservasi, atau pembayaran.",
  "staff.read_only": "Melihat semua yang dilihat resepsionis, tetapi tidak dapat mengubah apa pun.",
  "staff.you": "Anda",
  "staff.retired": "Nonaktif",
  "staff.retire": "Nonaktifkan",
  "staff.return": "Aktifkan kembali",
  "staff.reset": "Atur ulang kata sandi",
  "staff.reset_title": "Kata sandi baru untuk {name}",
  "staff.reset_text": "Semua sesinya akan diakhiri. Sampaikan kata sandi ini secara langsung.",
  "staff.reset_done": "Kata sandi {name} sudah diganti.",

  "role.owner": "Pemilik",
  "role.manager": "Manajer",
  "role.receptionist": "Resepsionis",
  "role.housekeeper": "Housekeeper",
  "role.read_only": "Hanya lihat",

  "device.title": "Perangkat terdaftar",
  "device.register": "Daftarkan perangkat ini",
  "device.hint": "Di perangkat terdaftar, staf masuk dengan nama dan PIN.",
  "device.here": "perangkat ini",
  "device.by": "Didaftarkan oleh",
  "device.used": "Terakhir dipakai",
  "device.revoke": "Cabut",
};
