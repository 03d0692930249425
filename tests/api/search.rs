//! Finding people and stays as they are typed.

use innkeeper::db::Sql;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

fn found(hotel: &TestHotel, q: &str) -> Vec<String> {
    let answer = hotel.get(&format!("/api/search?q={q}")).expect(200);
    names(&answer["reservations"], "guest_name")
}

fn listed(hotel: &TestHotel, q: &str) -> (Vec<String>, i64) {
    let answer = hotel.get(&format!("/api/reservations?q={q}&page_size=100")).expect(200);
    (names(&answer["items"], "guest_name"), answer["total"].as_i64().expect("a total"))
}

fn names(list: &Value, field: &str) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|one| one[field].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn who_is_expected_is_found_however_many_namesakes_have_been_here() {
    let hotel = small_hotel();
    book(&hotel, "Maria Santos", 1, "2025-11-12", "2025-11-14");
    for n in 0..70 {
        let id = book(&hotel, &format!("Nuno{n} Santos"), 3, "2025-11-20", "2025-11-21")["id"].as_i64().expect("an id");
        hotel.post(&format!("/api/reservations/{id}/cancel"), json!({})).expect(200);
    }
    assert_eq!(found(&hotel, "santos")[0], "Maria Santos");
    assert_eq!(found(&hotel, "sant%20mar"), ["Maria Santos"]);
    let (names, total) = listed(&hotel, "santos");
    assert!(names.contains(&"Maria Santos".to_owned()), "{names:?}");
    assert_eq!(names.len() as i64, total);
}

#[test]
fn words_in_the_order_in_which_they_were_typed_come_first() {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-12", "2025-11-14");
    for n in 12..22 {
        book(&hotel, "Sousa, Ana", 2, &format!("2025-11-{n}"), &format!("2025-11-{}", n + 1));
    }
    let guests = |q: &str| names(&hotel.get(&format!("/api/search?q={q}")).expect(200)["guests"], "full_name");
    assert_eq!((guests("ana%20sou")[0].as_str(), guests("ana%20sou").len()), ("Ana Sousa", 8));
    assert_eq!((found(&hotel, "ana%20sou")[0].as_str(), found(&hotel, "ana%20sou").len()), ("Ana Sousa", 8));
    assert_eq!(guests("sou%20ana")[0], "Sousa, Ana");
}

#[test]
fn a_stay_is_found_by_the_name_its_guest_has_now() {
    let hotel = small_hotel();
    book(&hotel, "Jürgen Weiß", 1, "2025-11-12", "2025-11-14");
    hotel.patch("/api/guests/1", json!({"full_name": "Ingrid Kühn", "phone_number": "+49 89 1234567"})).expect(200);
    assert_eq!(found(&hotel, "kuhn"), ["Ingrid Kühn"]);
    assert_eq!(found(&hotel, "089%201234"), ["Ingrid Kühn"]);
    assert_eq!(found(&hotel, "jurgen"), Vec::<String>::new());
    for status in ["cancel", "undo"] {
        hotel.post(&format!("/api/reservations/1/{status}"), json!({})).expect(200);
        assert_eq!(listed(&hotel, "kuhn"), (vec!["Ingrid Kühn".to_owned()], 1), "{status}");
    }
}

#[test]
fn a_merged_profile_is_not_found_but_its_stays_are() {
    let hotel = small_hotel();
    book(&hotel, "Ana Reis", 1, "2025-11-12", "2025-11-14");
    book(&hotel, "Ann Rice", 2, "2025-11-12", "2025-11-14");
    hotel.post("/api/guests/1/merge", json!({"other_id": 2})).expect(200);
    assert_eq!(hotel.get("/api/guests?q=rice").expect(200)["total"], 0);
    assert_eq!(found(&hotel, "rice"), Vec::<String>::new());
    assert_eq!(found(&hotel, "reis"), ["Ana Reis", "Ana Reis"]);
}

#[test]
fn rooms_are_found_by_the_start_of_their_number() {
    let hotel = small_hotel();
    let rooms = |q: &str| names(&hotel.get(&format!("/api/search?q={q}")).expect(200)["rooms"], "room_number");
    assert_eq!(rooms("10"), ["101", "102"]);
    assert_eq!(rooms("01"), Vec::<String>::new());
    assert_eq!(rooms("%25"), Vec::<String>::new());
}

/// Text for an address, with every byte that needs it escaped.
fn escaped(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Whom the box, the guest list and the reservation list find, which are to agree.
fn found_everywhere(hotel: &TestHotel, q: &str) -> Vec<String> {
    let q = escaped(q);
    let box_of = hotel.get(&format!("/api/search?q={q}")).expect(200);
    let mut in_box = names(&box_of["guests"], "full_name");
    let mut in_guests = names(&hotel.get(&format!("/api/guests?q={q}")).expect(200)["items"], "full_name");
    let (mut in_list, _) = listed(hotel, &q);
    for names in [&mut in_box, &mut in_guests, &mut in_list] {
        names.sort();
        names.dedup();
    }
    assert_eq!(in_box, in_guests, "{q}");
    assert_eq!(in_guests, in_list, "{q}");
    in_list
}

const GUESTS: [&str; 10] = [
    "Anjali Chatterjee",
    "Jürgen Müller",
    "Karl Mueller",
    "Eva Muller",
    "Sean O'Brien",
    "Åse Bjørnsen",
    "Maria Peña",
    "Heinz Groß",
    "王秀英",
    "Đặng Thị Ngọc",
];

fn hotel_of_names() -> TestHotel {
    let hotel = small_hotel();
    for (night, guest) in (10..).zip(GUESTS) {
        book(&hotel, guest, 1, &format!("2025-12-{night}"), &format!("2025-12-{}", night + 1));
    }
    hotel
}

#[test]
fn a_name_is_found_by_a_part_of_it_and_however_it_is_written() {
    let hotel = hotel_of_names();
    for (typed, guest) in [
        ("hatterj", "Anjali Chatterjee"),
        ("CHATT", "Anjali Chatterjee"),
        ("anj erjee", "Anjali Chatterjee"),
        ("obrien", "Sean O'Brien"),
        ("O’Brien", "Sean O'Brien"),
        ("brien sea", "Sean O'Brien"),
        ("bjoern", "Åse Bjørnsen"),
        ("Aase", "Åse Bjørnsen"),
        ("jornsen", "Åse Bjørnsen"),
        ("pena", "Maria Peña"),
        ("PEN\u{303}A", "Maria Peña"),
        ("gross", "Heinz Groß"),
        ("roß", "Heinz Groß"),
        ("秀英", "王秀英"),
        ("王", "王秀英"),
        ("dang", "Đặng Thị Ngọc"),
        ("goc th", "Đặng Thị Ngọc"),
    ] {
        assert_eq!(found_everywhere(&hotel, typed), [guest], "{typed}");
    }
    for typed in ["mueller", "Müller", "muller", "uelle", "üll"] {
        assert_eq!(found_everywhere(&hotel, typed), ["Eva Muller", "Jürgen Müller", "Karl Mueller"], "{typed}");
    }
    for typed in ["miller", "hatterji", "obrian", "英秀"] {
        assert_eq!(found_everywhere(&hotel, typed), Vec::<String>::new(), "{typed}");
    }
}

#[test]
fn who_begins_so_comes_before_who_only_has_it_inside() {
    let hotel = small_hotel();
    for n in 0..12 {
        book(&hotel, &format!("Santana {n}"), 3, &format!("2025-12-{}", n + 10), &format!("2025-12-{}", n + 11));
    }
    book(&hotel, "Tana Reis", 1, "2025-12-30", "2025-12-31");
    let shown = hotel.get("/api/search?q=tana").expect(200);
    for (list, field) in [("guests", "full_name"), ("reservations", "guest_name")] {
        let names = names(&shown[list], field);
        assert_eq!((names[0].as_str(), names.len()), ("Tana Reis", 8), "{list}");
    }
}

#[test]
fn notes_are_found_on_stays_of_any_time_and_on_guests() {
    let hotel = small_hotel();
    book(&hotel, "Ana Reis", 1, "2025-11-12", "2025-11-14");
    book(&hotel, "Ben Li", 2, "2025-11-12", "2025-11-14");
    book(&hotel, "Cleo Diaz", 3, "2025-11-12", "2025-11-14");
    hotel.patch("/api/reservations/1", json!({"notes": "The driver is Pak Hartono"})).expect(200);
    hotel.patch("/api/reservations/2", json!({"special_requests": "Nähe zu Familie Hartono"})).expect(200);
    hotel.patch("/api/guests/3", json!({"notes": "Cousin of Mrs Hartono"})).expect(200);
    hotel.post("/api/reservations/2/cancel", json!({})).expect(200);
    for typed in ["hartono", "HART", "arton"] {
        let mut stays = found(&hotel, typed);
        stays.sort();
        assert_eq!(stays, ["Ana Reis", "Ben Li", "Cleo Diaz"], "{typed}");
        assert_eq!(listed(&hotel, typed).1, 3, "{typed}");
        let shown = hotel.get(&format!("/api/search?q={typed}")).expect(200);
        assert_eq!(names(&shown["guests"], "full_name"), ["Cleo Diaz"], "{typed}");
        assert_eq!(shown["guests"][0]["note"], "Cousin of Mrs Hartono");
    }
    let hits = hotel.get("/api/search?q=hartono%20driver").expect(200);
    assert_eq!(hits["reservations"][0]["note"], "The driver is Pak Hartono", "one sees why it was found");
    assert_eq!(hotel.get("/api/search?q=reis").expect(200)["reservations"][0]["note"], Value::Null);
    hotel.patch("/api/reservations/1", json!({"notes": ""})).expect(200);
    assert_eq!(listed(&hotel, "hartono").1, 2);
}

#[test]
fn a_phone_number_is_found_by_its_digits_however_it_is_spaced() {
    let hotel = small_hotel();
    book(&hotel, "Ana Reis", 1, "2025-11-12", "2025-11-14");
    hotel.patch("/api/guests/1", json!({"phone_number": "+62 (812) 345-678"})).expect(200);
    for typed in ["+62812345678", "0812 34 56", "62 812-345", "81 23 45", "0062 812"] {
        assert_eq!(found_everywhere(&hotel, typed), ["Ana Reis"], "{typed}");
    }
}

#[test]
fn the_short_lists_are_searched_in_the_same_way() {
    let hotel = TestHotel::furnished();
    hotel
        .post("/api/room-types", json!({"name": "Gästezimmer", "code": "GÄS", "capacity_adults": 2, "default_rate": 90}))
        .expect(201);
    hotel.post("/api/booking-sources", json!({"name": "L'Écho"})).expect(201);
    hotel.post("/api/rate-plans", json!({"name": "Frühbucher", "code": "FRB"})).expect(201);
    for (list, typed) in [("room-types", "gaestez"), ("booking-sources", "lecho"), ("rate-plans", "fruehb")] {
        assert_eq!(hotel.get(&format!("/api/{list}?q={typed}")).expect(200)["total"], 1, "{list}");
    }
}

#[test]
fn an_erased_name_leaves_no_word_behind_and_a_shared_one_stays() {
    let hotel = hotel_of_names();
    let words = || -> Vec<String> {
        hotel.write(|tx| tx.all(&Sql::new("test.words", "SELECT word FROM search_word ORDER BY word"), [], |row| row.get(0)))
    };
    assert!(words().contains(&"chatterjee".to_owned()) && words().contains(&"muller".to_owned()));
    for id in [1, 3] {
        hotel.post(&format!("/api/reservations/{id}/cancel"), json!({})).expect(200);
        hotel.post(&format!("/api/guests/{id}/anonymise"), json!({"reason": "asked for"})).expect(200);
    }
    let left = words();
    assert!(!left.iter().any(|word| ["chatterjee", "anjali", "mueller"].contains(&word.as_str())), "{left:?}");
    assert!(left.contains(&"muller".to_owned()), "Jürgen Müller is still a guest");
    assert_eq!(found_everywhere(&hotel, "hatterj"), Vec::<String>::new());
    assert_eq!(found_everywhere(&hotel, "mueller"), ["Eva Muller", "Jürgen Müller"]);
    // A known name teaches no new word.
    book(&hotel, "Eva Chatterjee", 2, "2025-12-10", "2025-12-11");
    let learnt = words().len();
    book(&hotel, "Maria Chatterjee", 2, "2025-12-11", "2025-12-12");
    assert_eq!(words().len(), learnt);
}
