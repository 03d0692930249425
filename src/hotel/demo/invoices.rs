//! Invoices of the demo hotel: some are paid, one was corrected, one is still to be paid, one is a draft.

use crate::db::Tx;
use crate::db::sql::statements;
use crate::domain::id::FolioId;
use crate::error::Result;
use crate::hotel::folio::owner;
use crate::hotel::invoices::draft::Choices;
use crate::hotel::invoices::setup::{self, Definition, Setup};
use crate::hotel::invoices::snapshot::{Bank, Kind, Party};
use crate::hotel::invoices::{self, credit, issue};

statements! {
    // Guests who left yesterday, or who are in the house and have something on their bill.
    LEFT = "demo.folios_left": "SELECT f.id FROM reservation AS r CROSS JOIN folio AS f ON f.reservation_id = r.id AND f.window = 1
        WHERE r.status = 'checked_out' AND EXISTS (SELECT 1 FROM posting AS p WHERE p.folio_id = f.id AND p.method IS NULL AND p.amount > 0)
        ORDER BY r.check_out_date DESC, r.id
        LIMIT 5", scans "done once, in a new file";
    STAYING = "demo.folios_staying": "SELECT f.id FROM reservation AS r CROSS JOIN folio AS f ON f.reservation_id = r.id AND f.window = 1
        WHERE r.status = 'checked_in' AND f.balance > 0
        ORDER BY f.balance DESC, r.id
        LIMIT 2", scans "done once, in a new file";
}

/// Says what invoices say of the hotel, and issues those of the last guests.
pub fn issue_some(tx: &Tx) -> Result<()> {
    let seller = Party {
        name: "PT Hotel Demo".to_owned(),
        street: vec!["Jalan Pantai 7".to_owned()],
        postal_code: "80361".to_owned(),
        city: "Kuta".to_owned(),
        region: "Bali".to_owned(),
        country: "ID".to_owned(),
        tax_number: "01.234.567.8-901.000".to_owned(),
        is_company: true,
        ..Party::default()
    };
    let bank = Bank { holder: "PT Hotel Demo".to_owned(), name: "Bank Demo".to_owned(), ..Bank::default() };
    setup::put(tx, &Setup { definition: Definition { seller, bank, ..Definition::default() }, ..setup::find(tx)? })?;
    let left: Vec<FolioId> = tx.all(&LEFT, [], |row| row.get(0))?;
    let staying: Vec<FolioId> = tx.all(&STAYING, [], |row| row.get(0))?;
    for (at, folio) in left.iter().chain(staying.first()).enumerate() {
        let made = invoices::create(tx, &owner::find(tx, *folio)?, Kind::Invoice, &Choices::default(), None)?;
        let made = issue::issue(tx, &made)?;
        if at == 1 {
            let (_, draft) = credit::correct(tx, &made, "Name of the company was missing")?;
            issue::issue(tx, &draft)?;
        }
    }
    if let Some(folio) = staying.get(1) {
        invoices::create(tx, &owner::find(tx, *folio)?, Kind::Invoice, &Choices::default(), None)?;
    }
    Ok(())
}
