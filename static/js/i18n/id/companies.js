/**
 * Indonesian for companies and agents.
 */
export const words = {
  "companies.title": "Perusahaan",
  "companies.lead": "Perusahaan dan agen yang bekerja sama dengan Anda",
  "companies.search": "Nama, kontak, atau nomor pajak",
  "companies.none": "Belum ada perusahaan",
  "companies.none_text": "Tambahkan perusahaan yang karyawannya menginap di sini dan agen yang mengirim tamu.",
  "companies.none_found": "Tidak ada perusahaan yang cocok",
  "companies.none_found_text": "Coba nama, kontak, atau nomor pajak lain.",
  "companies.add": "Tambah perusahaan",
  "companies.company": "Perusahaan",
  "companies.agent": "Agen",
  "companies.contact": "Kontak",
  "companies.tax_number": "Nomor pajak (NPWP)",
  "companies.address": "Alamat untuk faktur",
  "companies.plans": "Paket harga yang disepakati",
  "companies.bookings": "Tampilkan reservasinya",
  "companies.nobody": "Tanpa perusahaan",
  "companies.pays": "Yang dibayarnya…",
  "companies.pays_title": "Yang dibayar {company}",
  "companies.pays_text": "Dari masa inap yang dipesan untuknya mulai sekarang; sisanya milik tamu.",
};
