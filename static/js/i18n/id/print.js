/**
 * Bahasa Indonesia di atas kertas.
 */
export const words = {
  "print.registration": "Kartu registrasi",
  "print.confirmation": "Konfirmasi reservasi",
  "print.receipt": "Kuitansi",
  "print.pdf": "Simpan PDF",
  "print.arrivals_of": "Cetak daftar kedatangan",
};
