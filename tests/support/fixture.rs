//! A small hotel at work, made through the API: two types, four rooms, guests,
//! and a booking in every state. Every kind of thing has a row with id 1.

use innkeeper::db::Sql;
use serde_json::{Value, json};

use super::TestHotel;

impl TestHotel {
    /// A hotel with something of everything in it.
    pub fn furnished() -> TestHotel {
        TestHotel::builder().open_furnished()
    }

    pub fn furnish(&self) {
        self.add_room_type("Double", "DBL", 100);
        self.add_room_type("Suite", "STE", 250);
        for (number, room_type) in [("101", 1), ("102", 1), ("103", 1), ("201", 2)] {
            self.post("/api/rooms", json!({"room_number": number, "room_type_id": room_type, "floor": 1})).expect(201);
        }
        let rate = json!({"room_type_id": 1, "from": "2025-11-14", "to": "2025-11-15", "rate": 120});
        self.put("/api/rate-plans/1/rates", rate).expect(200);
        let closed = json!({"room_type_ids": [1], "from": "2026-03-01", "to": "2026-03-01", "is_stop_sell": true});
        self.put("/api/rate-plans/1/restrictions", closed).expect(200);
        self.post("/api/companies", json!({"name": "Acme"})).expect(201);
        self.post("/api/shifts", json!({"drawer_id": 1, "float_amount": 100})).expect(201);
        self.post("/api/shifts/1/movements", json!({"kind": "paid_out", "amount": 4, "reason": "Flowers"})).expect(201);
        let in_house = self.book(
            "Ana Lopes",
            json!({"company_id": 1, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12"}),
        );
        self.post(&format!("/api/reservations/{in_house}/check-in"), json!({})).expect(200);
        self.post("/api/articles", json!({"name": "Parking", "price": 12})).expect(201);
        let charge = json!({"kind": "extra", "description": "Minibar", "unit_amount": 7.5});
        self.post(&format!("/api/reservations/{in_house}/charges"), charge).expect(201);
        let payment = json!({"reservation_id": in_house, "amount": 50, "payment_method": "cash", "payment_type": "deposit"});
        self.post("/api/payments", payment).expect(201);
        self.post(&format!("/api/reservations/{in_house}/folios"), json!({"payer_name": "Ana's aunt"})).expect(201);
        let moved = json!({"charge_ids": [1], "percent": 50, "to": {"window": 2}});
        self.post("/api/folios/1/transfer", moved).expect(201);
        self.post("/api/house-accounts", json!({"name": "Bar"})).expect(201);
        let arriving = json!({"room_id": 2, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11"});
        self.book("Ben Li", arriving);
        self.book("Cleo Diaz", json!({"room_type_id": 1, "check_in_date": "2025-11-13", "check_out_date": "2025-11-16"}));
        let cancelled =
            self.book("Dan Roy", json!({"room_type_id": 2, "check_in_date": "2025-12-01", "check_out_date": "2025-12-02"}));
        self.post(&format!("/api/reservations/{cancelled}/cancel"), json!({"reason": "ill"})).expect(200);
        let group = json!({"name": "Tour", "arrival_date": "2026-02-10", "departure_date": "2026-02-12",
            "rooms": [{"room_type_id": 1, "rooms": 1}], "rates": [{"room_type_id": 1, "rate": 90}]});
        self.post("/api/groups", group).expect(201);
        self.post("/api/groups/1/rooming-list", json!({"rows": [{"name": "Gil Paz"}]})).expect(201);
        let block = json!({"kind": "out_of_order", "start_date": "2025-11-20", "end_date": "2025-11-22", "reason": "Paint"});
        self.post("/api/rooms/4/blocks", block).expect(201);
        self.post("/api/report-views", json!({"name": "Last month", "report": "revenue", "query": "period=last_month"}))
            .expect(201);
        let codes = json!({"codes": [{"kind": "method", "key": "cash", "code": "1001"}]});
        self.patch("/api/account-codes", codes).expect(200);
        self.post("/api/vouchers", json!({"amount": 30, "payment_method": "card"})).expect(201);
        self.add_account_item();
        self.add_reminder();
        self.post("/api/folios/1/invoices", json!({})).expect(201);
    }

    /// Money on the account of company 1; the id of the item, which depends on how much was posted before.
    pub fn add_account_item(&self) -> i64 {
        let paid = self.post("/api/companies/1/account/payments", json!({"amount": 5, "payment_method": "card"})).expect(201);
        paid["payment_id"].as_i64().expect("an id")
    }

    /// A reminder of company 1. By the API there is none on the first day: nothing is late then.
    pub fn add_reminder(&self) {
        // By the program's own writer: what another one writes drops all that is kept, a moment later.
        let sql = "INSERT INTO reminder (company_id, level, business_date, amount, fee, created_at, created_by)
            VALUES (1, 1, '2025-11-10', 500, 0, '2025-11-10T09:00:00.000Z', 'owner')";
        self.write(move |tx| tx.run(&Sql::new("test.reminder", sql), []).map(|_| ()));
    }

    /// A room type for two adults and a child; its id.
    pub fn add_room_type(&self, name: &str, code: &str, rate: i64) -> i64 {
        let request = json!({"name": name, "code": code, "capacity_adults": 2, "capacity_children": 1, "default_rate": rate});
        id(&self.post("/api/room-types", request).expect(201))
    }

    /// A booking for a new guest; its id.
    pub fn book(&self, guest: &str, mut stay: Value) -> i64 {
        stay["guest"] =
            json!({"full_name": guest, "email": format!("{}@example.com", &guest[..3]), "phone_number": "+351 912 345 678"});
        id(&self.post("/api/reservations", stay).expect(201))
    }
}

fn id(created: &Value) -> i64 {
    created["id"].as_i64().expect("an id")
}
