//! E-invoices of documents as they could be: four that stand in full beside this file, and many random ones. The
//! official rules are run over real ones by `tests/einvoice/run`.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::language::PaperLanguage;
use super::super::snapshot::{Category, DepositOf, Kind, Line, Party, PaymentOf, Reference, Snapshot, StayOf, Tax};
use super::document;
use super::tax_number::{registration, vat_number};
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::error::{Error, Refusal};

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn hotel() -> Party {
    Party {
        name: "Hotel da Baixa Lda".to_owned(),
        trade_name: "Hotel da Baixa".to_owned(),
        street: vec!["Rua Augusta 24".to_owned(), "2.º andar".to_owned()],
        postal_code: "1100-053".to_owned(),
        city: "Lisboa".to_owned(),
        country: "PT".to_owned(),
        tax_number: "PT 501 964 843".to_owned(),
        registration_number: "501964843".to_owned(),
        email: "contas@baixa.example".to_owned(),
        phone: "+351 210 000 000".to_owned(),
        is_company: true,
        ..Party::default()
    }
}

fn guest() -> Party {
    Party { name: "Ana & João <Prado>".to_owned(), country: "ES".to_owned(), city: "Sevilla".to_owned(), ..Party::default() }
}

/// A price with its tax in it.
fn line(description: &str, gross: i64, rate: i64) -> Line {
    let tax = Money(gross).times_wide(i128::from(rate), i128::from(1_000_000 + rate));
    let net = Money(gross) - tax;
    let category = if rate == 0 { Category::Exempt } else { Category::Standard };
    Line {
        charge_id: None,
        posting_ids: Vec::new(),
        date: date("2026-03-02"),
        description: description.to_owned(),
        quantity: 1,
        unit_amount: Money(gross),
        net,
        tax,
        gross: Money(gross),
        category,
        rate,
        taxes: vec![Tax {
            name: "IVA".to_owned(),
            category,
            rate,
            base: net,
            amount: tax,
            exemption: String::new(),
            exemption_code: String::new(),
        }],
        services: Vec::new(),
        is_levy: false,
        credits: None,
    }
}

fn levy(gross: i64) -> Line {
    Line { is_levy: true, quantity: 4, unit_amount: Money(gross / 4), ..line("Taxa municipal turística", gross, 0) }
}

fn bill(lines: Vec<Line>) -> Snapshot {
    let mut snapshot = Snapshot {
        kind: Kind::Invoice,
        is_simplified: false,
        number: Some("2026-0042".to_owned()),
        series: "2026".to_owned(),
        issued_on: date("2026-03-04"),
        issued_at: None,
        issued_by: "rita".to_owned(),
        due_on: None,
        currency: "EUR".to_owned(),
        exponent: 2,
        language: PaperLanguage::Portuguese,
        locale: "pt-PT".to_owned(),
        seller: hotel(),
        bank: Default::default(),
        buyer: guest(),
        stay: Some(StayOf {
            confirmation_number: "K7WQ2M".to_owned(),
            guest_name: "Ana Prado".to_owned(),
            room: "204".to_owned(),
            arrival: date("2026-03-02"),
            departure: date("2026-03-04"),
        }),
        lines,
        taxes: Vec::new(),
        services: Vec::new(),
        net: Money::ZERO,
        tax: Money::ZERO,
        gross: Money::ZERO,
        rounding: Money::ZERO,
        prepaid: Money::ZERO,
        payable: Money::ZERO,
        payments: Vec::new(),
        deposits: Vec::new(),
        refers_to: None,
        texts: Default::default(),
        look: Default::default(),
    };
    snapshot.add_up();
    snapshot
}

fn paid(mut snapshot: Snapshot, method: &str, label: &str) -> Snapshot {
    let payment = PaymentOf {
        date: date("2026-03-04"),
        method: method.to_owned(),
        label: label.to_owned(),
        reference: String::new(),
        amount: snapshot.payable,
    };
    snapshot.payments.push(payment);
    snapshot.add_up();
    snapshot
}

/// Everything of the opposite sign.
fn credit(of: &Snapshot, number: &str) -> Snapshot {
    let turned = |line: &Line| Line {
        unit_amount: -line.unit_amount,
        net: -line.net,
        tax: -line.tax,
        gross: -line.gross,
        taxes: line.taxes.iter().map(|tax| Tax { base: -tax.base, amount: -tax.amount, ..tax.clone() }).collect(),
        ..line.clone()
    };
    let original = of.number.clone().expect("a number");
    let mut snapshot = Snapshot {
        kind: Kind::CreditNote,
        number: Some(number.to_owned()),
        lines: of.lines.iter().map(turned).collect(),
        payments: Vec::new(),
        deposits: Vec::new(),
        refers_to: Some(Reference { id: 1, number: original, issued_on: of.issued_on, reason: "Wrong address".to_owned() }),
        ..of.clone()
    };
    snapshot.add_up();
    snapshot
}

fn stay_bill() -> Snapshot {
    let mut snapshot = bill(vec![
        line("Noite de 2 de março", 12_000, 60_000),
        line("Noite de 3 de março", 12_000, 60_000),
        Line { quantity: 3, unit_amount: Money(225), ..line("Vinho", 675, 230_000) },
        line("Desconto", -1_000, 60_000),
        levy(1_600),
    ]);
    snapshot.texts.required = vec!["Processado por computador".to_owned()];
    paid(snapshot, "card", "Cartão")
}

fn company_bill() -> Snapshot {
    let mut snapshot = bill(vec![line("Night of 2 March", 10_000, 210_000), line("Night of 3 March", 10_000, 210_000)]);
    snapshot.seller = Party {
        name: "Hotel Zenne BV".to_owned(),
        trade_name: String::new(),
        postal_code: "1000".to_owned(),
        city: "Brussel".to_owned(),
        country: "BE".to_owned(),
        tax_number: "BE 0202.239.951".to_owned(),
        registration_number: "0202.239.951".to_owned(),
        endpoint_scheme: "0208".to_owned(),
        endpoint_id: "0202239951".to_owned(),
        ..hotel()
    };
    snapshot.buyer = Party {
        name: "Van Dam NV".to_owned(),
        street: vec!["Kaai 1".to_owned()],
        postal_code: "2000".to_owned(),
        city: "Antwerpen".to_owned(),
        country: "BE".to_owned(),
        tax_number: "0403.019.261".to_owned(),
        endpoint_scheme: "0208".to_owned(),
        endpoint_id: "0403019261".to_owned(),
        is_company: true,
        guest_name: "Ana Prado".to_owned(),
        reference: "PO 4711".to_owned(),
        ..Party::default()
    };
    snapshot.bank.iban = "BE71 0961 2345 6769".to_owned();
    snapshot.bank.bic = "GKCCBEBB".to_owned();
    snapshot.bank.holder = "Hotel Zenne BV".to_owned();
    snapshot.due_on = Some(date("2026-04-03"));
    snapshot.texts.terms = "30 days net".to_owned();
    let deposit = line("", 5_000, 210_000);
    snapshot.deposits =
        vec![DepositOf { id: 7, number: "D-3".to_owned(), date: date("2026-01-15"), amount: Money(5_000), taxes: deposit.taxes }];
    snapshot.add_up();
    snapshot
}

fn deposit_invoice() -> Snapshot {
    let snapshot = bill(vec![line("Sinal", 5_000, 60_000)]);
    let deposit = Snapshot { kind: Kind::DepositInvoice, number: Some("A2026-7".to_owned()), ..snapshot };
    paid(deposit, "bank_transfer", "Transferência")
}

fn xml_of(snapshot: &Snapshot) -> String {
    String::from_utf8(document(snapshot).expect("an e-invoice")).expect("UTF-8")
}

#[test]
fn four_documents_are_written_as_they_stand_here() {
    assert_eq!(xml_of(&stay_bill()), include_str!("golden/invoice.xml"));
    assert_eq!(xml_of(&credit(&stay_bill(), "C2026-1")), include_str!("golden/credit-note.xml"));
    assert_eq!(xml_of(&deposit_invoice()), include_str!("golden/deposit.xml"));
    assert_eq!(xml_of(&company_bill()), include_str!("golden/peppol.xml"));
}

/// An element's path and its text.
fn elements(xml: &str) -> Vec<(String, String)> {
    let (mut reader, mut path, mut found) = (Reader::from_str(xml), Vec::<String>::new(), Vec::new());
    let mut is_leaf = false;
    let mut text = String::new();
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                (is_leaf, text) = (true, String::new());
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(_) => text.push('&'),
            Event::End(_) => {
                if is_leaf {
                    found.push((path.join("/"), text.trim().to_owned()));
                }
                is_leaf = false;
                path.pop();
            }
            Event::Empty(empty) => panic!("{} is empty", empty.name().as_ref()),
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn minor(text: &str, exponent: usize) -> i64 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    assert_eq!(rest.len(), exponent, "{text}");
    format!("{whole}{rest}").parse().expect("an amount")
}

/// The next number of a sequence (SplitMix64), from 0 to `end` − 1.
fn below(state: &mut u64, end: i64) -> i64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    i64::try_from((z ^ (z >> 31)) % end.unsigned_abs()).unwrap_or(0)
}

fn random(state: &mut u64) -> Snapshot {
    let rates = [0, 60_000, 88_750, 100_000, 130_000, 210_000, 230_000];
    let mut lines: Vec<Line> = (0..=below(state, 12))
        .map(|at| {
            let rate = rates[usize::try_from(below(state, 7)).unwrap_or(0)];
            let gross = below(state, 40_000) - 4_000;
            let made = line(&format!("Line {at}"), gross, rate);
            let quantity = 1 + below(state, 5);
            if gross % quantity == 0 { Line { quantity, unit_amount: Money(gross / quantity), ..made } } else { made }
        })
        .collect();
    if below(state, 2) == 0 {
        lines.push(levy(400 * (1 + below(state, 20))));
    }
    let mut snapshot = bill(lines);
    if below(state, 3) == 0 {
        (snapshot.currency, snapshot.exponent) = ("IDR".to_owned(), 0);
    }
    if below(state, 2) == 0 {
        snapshot =
            paid(snapshot, ["cash", "card", "bank_transfer", "barter"][usize::try_from(below(state, 4)).unwrap_or(0)], "x");
    }
    if below(state, 4) == 0 { credit(&snapshot, "C-1") } else { snapshot }
}

#[test]
fn sums_agree_and_nothing_is_empty_whatever_is_billed() {
    let (mut state, mut written) = (7, 0);
    for _ in 0..300 {
        let snapshot = random(&mut state);
        // Rupiah that were rounded line by line may be a whole unit apart.
        let Ok(bytes) = document(&snapshot) else {
            assert_eq!(snapshot.exponent, 0);
            continue;
        };
        let found = elements(std::str::from_utf8(&bytes).expect("UTF-8"));
        let exponent = usize::from(snapshot.exponent);
        let root = if snapshot.kind == Kind::CreditNote { "CreditNote" } else { "Invoice" };
        let all = |path: &str| -> Vec<&str> {
            let path = format!("{root}/{path}");
            found.iter().filter(|(known, _)| *known == path).map(|(_, text)| text.as_str()).collect()
        };
        let sum = |path: &str| all(path).iter().map(|text| minor(text, exponent)).sum::<i64>();
        let line = |rest: &str| format!("cac:{root}Line/{rest}");
        assert!(found.iter().all(|(_, text)| !text.is_empty()));
        assert_eq!(sum(&line("cbc:LineExtensionAmount")), sum("cac:LegalMonetaryTotal/cbc:LineExtensionAmount"));
        assert_eq!(sum("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount"), sum("cac:TaxTotal/cbc:TaxAmount"));
        let net = sum("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount");
        assert_eq!(sum("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount"), net);
        let gross = sum("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount");
        assert_eq!(gross, net + sum("cac:TaxTotal/cbc:TaxAmount"));
        let paid = sum("cac:LegalMonetaryTotal/cbc:PrepaidAmount");
        assert_eq!(sum("cac:LegalMonetaryTotal/cbc:PayableAmount"), gross - paid);
        assert!(all(&line("cac:Price/cbc:PriceAmount")).iter().all(|price| !price.starts_with('-')));
        // Of a category and rate there is one subtotal.
        let kinds = all("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID").into_iter();
        let mut kinds: Vec<_> = kinds.zip(all("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent")).collect();
        kinds.sort_unstable();
        assert!(kinds.windows(2).all(|two| two[0] != two[1]), "{kinds:?}");
        written += 1;
    }
    assert!(written > 200, "{written}");
}

fn refusal(snapshot: &Snapshot) -> Refusal {
    match document(snapshot) {
        Err(Error::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

fn missing(snapshot: &Snapshot) -> Vec<String> {
    let refusal = refusal(snapshot);
    let fields = refusal.extra.get("missing").and_then(|fields| fields.as_array()).expect("what is missing").iter();
    fields.map(|field| field.as_str().expect("a name").to_owned()).collect()
}

#[test]
fn what_a_document_lacks_is_told_by_its_name() {
    let mut snapshot = stay_bill();
    snapshot.seller.tax_number.clear();
    snapshot.seller.registration_number.clear();
    assert_eq!(missing(&snapshot), ["seller.tax_number"]);
    let said = "Invoice 2026-0042 was issued without what an e-invoice needs: the hotel’s VAT number. Enter it under \
        Settings › Invoices, then correct the invoice.";
    assert_eq!(refusal(&snapshot).detail.to_string(), said);
    snapshot.seller.country.clear();
    snapshot.buyer.country.clear();
    assert_eq!(missing(&snapshot), ["seller.country", "seller.tax_number", "buyer.country"]);
    let mut dutch = company_bill();
    (dutch.seller.country, dutch.buyer.country) = ("NL".to_owned(), "NL".to_owned());
    dutch.buyer.street.clear();
    assert_eq!(missing(&dutch), ["buyer.street", "seller.registration_number"]);
}

#[test]
fn what_is_no_tax_document_or_too_fine_has_no_e_invoice() {
    let said = |snapshot: &Snapshot| refusal(snapshot).detail.to_string();
    let draft = Snapshot { number: None, ..stay_bill() };
    assert!(said(&draft).starts_with("This document has not been issued yet."));
    assert!(said(&Snapshot { kind: Kind::ProForma, ..stay_bill() }).starts_with("A pro forma invoice"));
    let dinar = Snapshot { currency: "KWD".to_owned(), exponent: 3, ..stay_bill() };
    assert!(said(&dinar).contains("KWD has more"));
    // A tax on a tax: 10 % of 110.
    let mut compound = line("Room", 13_310, 210_000);
    (compound.net, compound.tax) = (Money(10_000), Money(3_310));
    assert!(said(&bill(vec![compound])).contains("at 21 %"));
}

#[test]
fn a_cent_between_the_price_and_its_tax_stays_where_the_bill_has_it() {
    // 100.00 with 21 % in it: 82.64 and 17.36, where 21 % of 82.64 is 17.35.
    let found = elements(&xml_of(&bill(vec![line("Room", 10_000, 210_000)])));
    let of = |path: &str| found.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str());
    assert_eq!(of("Invoice/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount"), Some("82.64"));
    assert_eq!(of("Invoice/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount"), Some("17.36"));
}

#[test]
fn prices_are_as_fine_as_their_line_asks() {
    let three = Line { quantity: 3, unit_amount: Money(225), ..line("Coffee", 675, 100_000) };
    assert!(xml_of(&bill(vec![three])).contains(">2.04666667</cbc:PriceAmount>"), "6.14 ÷ 3");
    assert!(xml_of(&bill(vec![line("Coffee", 100, 0)])).contains(">1.00</cbc:PriceAmount>"));
    let back = line("Discount", -106, 60_000);
    let xml = xml_of(&bill(vec![line("Room", 1_060, 60_000), back]));
    assert!(xml.contains(">-1</cbc:InvoicedQuantity>") && xml.contains(">1.00</cbc:PriceAmount>"));
}

#[test]
fn a_document_is_out_of_scope_as_a_whole_or_not_at_all() {
    let out = |gross: i64| Line { category: Category::OutOfScope, ..line("Room", gross, 0) };
    let alone = xml_of(&bill(vec![out(100), out(50)]));
    assert!(alone.contains("<cbc:ID>O</cbc:ID>") && alone.contains("VATEX-EU-O"));
    assert!(!alone.contains("PT501964843<"), "no VAT number where nothing is taxed");
    let mixed = xml_of(&bill(vec![out(100), line("Room", 106, 60_000)]));
    assert!(!mixed.contains("<cbc:ID>O</cbc:ID>") && !mixed.contains("VATEX-EU-O"));
}

#[test]
fn tax_numbers_are_told_apart() {
    let right = [
        ("PT", "501 964 843", "PT501964843"),
        ("DE", "DE123456789", "DE123456789"),
        ("GR", "123456789", "EL123456789"),
        ("NL", "NL.1234.56.789.B01", "NL123456789B01"),
        ("CH", "CHE-123.456.789 MWST", "CHE123456789"),
        ("NO", "123 456 789", "NO123456789MVA"),
        ("AT", "ATU12345678", "ATU12345678"),
        ("ES", "b-12345678", "ESB12345678"),
        ("FR", "FR 40 303 265 045", "FR40303265045"),
        ("XI", "XI123456789", "XI123456789"),
    ];
    for (country, typed, number) in right {
        assert_eq!(vat_number(country, typed).as_deref(), Some(number), "{typed}");
    }
    for (country, typed) in
        [("DE", "12/345/67890"), ("ID", "01.234.567.8-901.000"), ("PT", ""), ("BE", "12"), ("", "PT501964843")]
    {
        assert_eq!(vat_number(country, typed), None, "{typed}");
    }
    assert_eq!(registration("BE", "0202.239.951"), Some(("0208", "0202239951".to_owned())));
    assert_eq!(registration("BE", "0202.239.952"), None);
    assert_eq!(registration("PT", "501964843"), None);
}
