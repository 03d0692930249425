/**
 * Bahasa Indonesia di atas kertas.
 */
export const words = {
  "print.registration": "Kartu registrasi",
  "print.confirmation": "Konfirmasi reservasi",
  "print.receipt": "Kuitansi",
  "print.arrivals_of": "Cetak daftar kedatangan",
  "print.made": "Dicetak {date}",
  "print.from_time": "mulai {time}",
  "print.until_time": "sampai {time}",
  "print.registration_text":
    "Saya telah membaca dan menerima tata tertib {property}. Saya akan mengosongkan kamar paling lambat pukul {time} dan melunasi tagihan sebelum berangkat.",
  "print.place_date": "Tempat dan tanggal",
  "print.guest_signature": "Tanda tangan tamu",
  "print.dear": "Yth. {guest},",
  "print.confirmation_text":
    "Terima kasih telah memilih {property}. Dengan senang hati kami mengonfirmasi reservasi Anda.",
  "print.tentative_text":
    "Terima kasih atas permintaan Anda. Reservasi ini kami tahan di {property} sampai Anda mengonfirmasinya.",
  "print.option_text": "Kamar ditahan untuk Anda sampai {date}.",
  "print.free_until": "Anda dapat membatalkan tanpa biaya sampai {time}.",
  "print.free_always": "Anda dapat membatalkan tanpa biaya.",
  "print.welcome": "Kami menantikan kedatangan Anda.",
  "print.no_invoice": "Kuitansi ini bukan faktur pajak.",
  "print.received_by": "Diterima oleh",
  "print.task": "Tugas",
  "print.expected": "Tiba",
  "print.done": "Selesai",
};
