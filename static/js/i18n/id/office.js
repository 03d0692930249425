/**
 * Bahasa Indonesia untuk halaman di belakang meja: tata graha, kamar, pembayaran, angka, staf,
 * pengaturan, cetakan.
 */
export const words = {};
