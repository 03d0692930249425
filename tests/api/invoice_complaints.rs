//! What users of other hotel and billing programs complain of, each as a test of ours:
//!
//! | complaint | test |
//! |---|---|
//! | the counter cannot start again with the year | `invoices::numbers_begin_again_with_the_year_of_the_business_date_and_dates_never_fall` |
//! | the same charge can be invoiced twice | `invoices::each_posting_is_on_one_invoice_that_counts` |
//! | drafts burn numbers | `invoices::a_draft_uses_no_number_up_and_what_is_issued_gets_the_next` |
//! | gaps by cancelling and issuing again, by other kinds of documents, by deleting drafts | `no_step_leaves_a_gap_in_the_numbers` |
//! | a blocked counter, or holes that are filled later and dates out of order | `numbering` (sixteen desks), `crash` (killed amid them) |
//! | the tax of several rooms with extras is wrong | `several_rooms_with_extras_are_taxed_as_they_were_posted` |
//! | booking and invoice show different amounts | `the_booking_its_bill_and_its_invoice_come_to_the_same` |
//! | the deposit is missing on the final invoice, also when it was credited in part | `invoices::a_final_invoice_takes_its_deposit_invoices_off_with_what_was_credited_of_them` |
//! | a deposit larger than the bill | `invoice_money::a_deposit_of_more_than_the_bill_is_taken_off_and_the_rest_is_to_be_refunded` |
//! | credit notes of more than the invoice, in the invoices' numbers, with lost cents | `invoices::a_credit_is_never_more_than_is_left_of_a_line_and_its_rate` |
//! | a stay made shorter is given back at today's price | `a_night_given_back_is_credited_at_the_price_that_it_had` |
//! | name, address or date of an issued invoice can be changed, or it is set to nothing | `invoices::what_was_issued_never_changes_and_a_change_in_the_file_is_found`, `invoice_hashes` |
//! | a reprint says something else | `invoices::a_reprint_is_word_for_word_the_same_after_everything_changed` |
//! | an erased guest takes the invoice along | `invoices::an_erased_guest_keeps_the_invoice_that_the_law_asks_to_be_kept` |

use serde_json::{Value, json};

use super::desk::{book, exact, next_day};
use super::invoices::{act, draft, extra, hotel, in_house, issued, number};
use super::tax_cases::assert_no_fault;

#[test]
fn no_step_leaves_a_gap_in_the_numbers() {
    let hotel = in_house();
    let mut numbers = Vec::new();
    for round in 0..3 {
        let thrown = draft(&hotel, json!({})).expect(201);
        hotel.delete(&format!("/api/invoices/{}", thrown["id"])).expect(204);
        draft(&hotel, json!({"kind": "pro_forma", "is_issued": true})).expect(201);
        let made = issued(&hotel, json!({}));
        numbers.push(number(&made).to_owned());
        let both = act(&hotel, &made, "correct", json!({"reason": "address"})).expect(201);
        let again = act(&hotel, &both["draft"], "issue", json!({})).expect(200);
        numbers.push(number(&again).to_owned());
        assert_eq!(number(&both["credit_note"]), format!("CN-2025-{:05}", round + 1));
        // What is refused uses nothing up.
        assert_eq!(draft(&hotel, json!({"is_issued": true})).problem(409), "nothing-to-invoice");
        extra(&hotel, "Wine", 10);
    }
    let wanted: Vec<String> = (1..=6).map(|n| format!("INV-2025-{n:05}")).collect();
    assert_eq!(numbers, wanted);
    assert_no_fault(&hotel, "no gap");
}

#[test]
fn several_rooms_with_extras_are_taxed_as_they_were_posted() {
    let hotel = hotel();
    let party = json!({"guest": {"full_name": "Ana Silva"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11",
        "more_rooms": [{"room_id": 2, "guest": {"full_name": "Ben Li"}}]});
    hotel.post("/api/reservations", party).expect(201);
    hotel.post("/api/reservations/1/group", json!({"name": "Silvas"})).expect(201);
    hotel.put("/api/groups/1/master", json!({"pays": "all"})).expect(200);
    let both = json!({"stays": [{"reservation_id": 1}, {"reservation_id": 2}]});
    hotel.post("/api/groups/1/check-in", both).expect(200);
    for (stay, what, amount) in [(1, "Tea", "3.33"), (2, "Wine", "17.77"), (2, "Tea", "3.33")] {
        let charge = json!({"kind": "extra", "description": what, "unit_amount": exact(amount)});
        hotel.post(&format!("/api/reservations/{stay}/charges"), charge).expect(201);
    }
    next_day(&hotel, "2025-11-11");
    let folio = hotel.get("/api/groups/1/master").expect(200)["folio"].clone();
    let made = hotel.post(&format!("/api/folios/{}/invoices", folio["id"]), json!({"is_issued": true})).expect(201);
    assert_eq!((&made["gross_amount"], &folio["balance"]), (&exact("224.43"), &exact("224.43")));
    // 19 % of 24.43 and 7 % of two nights at 100.00, each reckoned once for the whole document.
    let tax = |at: usize| (made["taxes"][at]["rate"].clone(), made["taxes"][at]["amount"].clone());
    assert_eq!((tax(0), tax(1)), ((exact("19.0000"), exact("3.90")), (exact("7.0000"), exact("13.08"))));
    assert_eq!(&made["tax_amount"], &exact("16.98"));
    assert_no_fault(&hotel, "several rooms");
}

#[test]
fn the_booking_its_bill_and_its_invoice_come_to_the_same() {
    let hotel = hotel();
    hotel.patch("/api/room-types/1", json!({"default_rate": exact("83.33")})).expect(200);
    let told = book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12")["total_amount"].clone();
    let offer = hotel.post("/api/reservations/1/invoices", json!({"kind": "pro_forma", "is_issued": true})).expect(201);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    next_day(&hotel, "2025-11-12");
    let bill = hotel.get("/api/folios/1").expect(200)["balance"].clone();
    let made = issued(&hotel, json!({}));
    assert_eq!((&offer["gross_amount"], &bill, &made["gross_amount"]), (&told, &told, &told));
    let of_lines: Vec<&Value> = made["lines"].as_array().expect("lines").iter().map(|line| &line["amount"]).collect();
    assert_eq!(of_lines, [&exact("83.33"), &exact("83.33")]);
    assert_no_fault(&hotel, "the same");
}

#[test]
fn a_night_given_back_is_credited_at_the_price_that_it_had() {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    // Prices go up before the second night is given back.
    hotel.patch("/api/room-types/1", json!({"default_rate": 180})).expect(200);
    next_day(&hotel, "2025-11-12");
    let made = issued(&hotel, json!({}));
    assert_eq!(&made["gross_amount"], &exact("200.00"));
    let note = act(&hotel, &made, "credit", json!({"reason": "left a night early", "lines": [{"position": 2}]})).expect(201);
    assert_eq!((&note["gross_amount"], &note["tax_amount"]), (&exact("-100.00"), &exact("-6.54")));
    assert_no_fault(&hotel, "a night");
}
