//! The descriptions of places hold what an owner may say.

use super::*;
use crate::domain::money::Currency;

#[test]
fn every_place_is_described_as_an_owner_may_describe_it() {
    let presets = presets().expect("the places");
    assert!(presets.items.len() > 10);
    for place in presets.items {
        let code = match place.country.as_str() {
            "ID" => "IDR",
            "JP" => "JPY",
            "US" => "USD",
            "GB" => "GBP",
            "CH" => "CHF",
            _ => "EUR",
        };
        let exponent = Currency::of(code).expect("a currency").exponent;
        let checked = place.setup.clone().check(exponent).unwrap_or_else(|error| panic!("{}: {error:?}", place.place));
        assert_eq!(checked, place.setup, "{}", place.place);
        let rooms = checked.room_group_id.and_then(|id| checked.groups.iter().find(|group| group.id == id));
        assert!(rooms.is_some_and(|group| group.is_lodging), "{}", place.place);
    }
}
