//! How old the children of a booking are: told at arrival, or by the date of birth on a night.

use serde_json::{Value, json};

use crate::support::TestHotel;

fn family() -> TestHotel {
    let hotel = TestHotel::new();
    let family = json!({"name": "Family", "code": "FAM", "capacity_adults": 2, "capacity_children": 3, "default_rate": 100});
    hotel.post("/api/room-types", family).expect(201);
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["101-103"]})).expect(201);
    hotel
}

fn wish(children: i64, ages: Value) -> Value {
    json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-14",
        "adults": 1, "children": children, "children_ages": ages})
}

#[test]
fn the_ages_are_of_all_children_or_of_none_and_change_with_their_number() {
    let hotel = family();
    for (children, ages) in [(2, json!([4])), (0, json!([4])), (1, json!([4, 7]))] {
        assert_eq!(hotel.post("/api/reservations", wish(children, ages.clone())).bad_fields(), ["children_ages"], "{ages}");
    }
    let refused = hotel.post("/api/reservations", wish(1, json!([18])));
    assert_eq!((refused.status, refused.bad_fields()), (422, vec!["children_ages[0]".to_owned()]));
    let made = hotel.post("/api/reservations", wish(2, json!([4, 7]))).expect(201);
    assert_eq!(made["children_ages"], json!([4, 7]));
    let change = |body: Value| hotel.patch("/api/reservations/1", body);
    assert_eq!(change(json!({"children": 3})).bad_fields(), ["children_ages"], "nobody knows the third one's age");
    assert_eq!(change(json!({"children": 3, "children_ages": [4, 7, 11]})).expect(200)["children_ages"], json!([4, 7, 11]));
    assert_eq!(change(json!({"children_ages": []})).expect(200)["children_ages"], json!([]));
    change(json!({"children": 1})).expect(200);
    let trail = hotel.get("/api/audit-log?entity=reservation&entity_id=1&sort=id").expect(200);
    assert_eq!(
        (&trail["items"][0]["after"]["children_ages"], &trail["items"][1]["after"]["children_ages"]),
        (&json!("4, 7"), &json!("4, 7, 11"))
    );
}

#[test]
fn each_room_of_a_party_has_its_own_childrens_ages() {
    let hotel = family();
    let mut party = wish(1, json!([9]));
    party["more_rooms"] = json!([{}, {"children": 2, "children_ages": [1, 2]}, {"children": 0}]);
    let three = json!([{}, {"children": 2, "children_ages": [1, 2]}]);
    party["more_rooms"] = three;
    hotel.post("/api/reservations", party).expect(201);
    let of = |id: i64| hotel.get(&format!("/api/reservations/{id}")).expect(200)["children_ages"].clone();
    assert_eq!([of(1), of(2), of(3)], [json!([9]), json!([9]), json!([1, 2])]);
}

#[test]
fn who_has_a_date_of_birth_has_the_age_of_the_night_and_the_others_the_age_they_came_with() {
    let hotel = family();
    hotel.post("/api/reservations", wish(3, json!([4, 6, 12]))).expect(201);
    let people = |night: &str| hotel.get(&format!("/api/reservations/1/guests{night}")).expect(200);
    assert_eq!(people("")["unnamed_ages"], json!([4, 6, 12]));
    // Tom is seven on the twelfth; he is the one of six.
    let guests = json!([{"full_name": "Ana"}, {"full_name": "Tom", "relation": "child", "birth_date": "2018-11-12"}]);
    let written = hotel.put("/api/reservations/1/guests", json!({"guests": guests})).expect(200);
    let seen =
        |answer: &Value| (answer["items"][0]["age"].clone(), answer["items"][1]["age"].clone(), answer["unnamed_ages"].clone());
    assert_eq!(seen(&written), (Value::Null, json!(6), json!([4, 12])));
    assert_eq!(seen(&people("?night=2025-11-11")), (Value::Null, json!(6), json!([4, 12])));
    assert_eq!(seen(&people("?night=2025-11-12")), (Value::Null, json!(7), json!([4, 12])));
}
