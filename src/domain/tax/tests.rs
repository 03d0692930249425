//! Stays of real countries, worked by hand, and what holds whatever is set up.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;

const ROOM: TaxGroupId = TaxGroupId(1);

fn date(text: &str) -> Date {
    text.parse().expect("date")
}

/// A tax of so many millionths, always in force.
fn tax(id: i64, rate: i64) -> Tax {
    let rates = Dated(vec![(date("2000-01-01"), rate)]);
    Tax { id: TaxId(id), is_service: false, decided_by: DecidedBy::Night, nights: Nights::ALL, rates }
}

fn service(id: i64, rate: i64) -> Tax {
    Tax { is_service: true, ..tax(id, rate) }
}

fn group(id: i64, is_included: bool, taxes: &[i64]) -> Group {
    Group {
        id: TaxGroupId(id),
        is_included,
        is_lodging: id == 1,
        taxes: taxes.iter().map(|id| TaxId(*id)).collect(),
        parts: Vec::new(),
    }
}

fn levy(id: i64, unit: Unit, due: Due) -> Levy {
    Levy {
        id: LevyId(id),
        unit,
        group: None,
        is_included: false,
        is_on_service: false,
        decided_by: DecidedBy::Night,
        nights: Nights::ALL,
        ages: Vec::new(),
        is_age_at_arrival: false,
        whom: Whom::Everybody,
        season: None,
        most: None,
        bands: Dated(vec![(date("2000-01-01"), vec![(Money::ZERO, due)])]),
    }
}

fn first(nights: u32) -> Nights {
    Nights { to: Some(nights), ..Nights::ALL }
}

fn rules(exponent: u8, groups: Vec<Group>, taxes: Vec<Tax>, levies: Vec<Levy>) -> Rules {
    Rules { rounding: Rounding::Document, exponent, groups, taxes, levies }
}

/// What a stay comes to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Bill {
    net: i64,
    /// By the tax's id.
    taxes: std::collections::BTreeMap<i64, i64>,
    /// By the levy's id, without the taxes on it.
    levies: std::collections::BTreeMap<i64, i64>,
    total: i64,
}

impl Bill {
    fn add(&mut self, taxed: &Taxed, levy: Option<LevyId>) {
        match levy {
            Some(levy) => *self.levies.entry(levy.0).or_default() += taxed.net.0,
            None => self.net += taxed.net.0,
        }
        for line in &taxed.taxes {
            *self.taxes.entry(line.tax.0).or_default() += line.amount.0;
        }
        assert_eq!(taxed.net + taxed.tax(), taxed.gross, "{taxed:?}");
        self.total += taxed.gross.0;
    }

    fn of(nights: &[NightTaxed]) -> Bill {
        let mut bill = Bill::default();
        for night in nights {
            night.sales.iter().for_each(|taxed| bill.add(taxed, None));
            night.levies.iter().for_each(|line| bill.add(&line.taxed, Some(line.levy)));
        }
        bill
    }
}

/// A bill as the cases are written down: net, taxes, levies, total.
fn bill(net: i64, taxes: &[(i64, i64)], levies: &[(i64, i64)], total: i64) -> Bill {
    Bill { net, taxes: taxes.iter().copied().collect(), levies: levies.iter().copied().collect(), total }
}

/// A stay, each night of which has the same sales: group and price.
fn stay(rules: &Rules, arrival: &str, nights: u32, people: &[Person], sales: &[(i64, i64)]) -> Vec<NightTaxed> {
    let mut reckoning = Reckoning::new(Arc::new(rules.clone()));
    let sold: Vec<Sale> =
        sales.iter().map(|(group, price)| Sale { group: TaxGroupId(*group), price: Money(*price), line: *group }).collect();
    (1..=nights)
        .map(|number| {
            let date = date(arrival).plus(i64::from(number) - 1).expect("date");
            reckoning.night(&Night { date, arrival: self::date(arrival), number, number_in_year: number, people }, &sold, &[])
        })
        .collect()
}

const TWO: [Person; 2] = [Person::of(Age::Adult), Person::of(Age::Adult)];

fn with_child(age: Age) -> [Person; 3] {
    [TWO[0], TWO[1], Person::of(age)]
}

#[test]
fn indonesia_adds_service_and_pbjt_on_both_or_has_them_in_the_price() {
    let taxes = vec![service(1, 100_000), tax(2, 100_000)];
    let net = rules(0, vec![group(1, false, &[1, 2])], taxes.clone(), vec![]);
    assert_eq!(
        Bill::of(&stay(&net, "2026-05-03", 3, &TWO, &[(1, 850_000)])),
        bill(2_550_000, &[(1, 255_000), (2, 280_500)], &[], 3_085_500)
    );
    let nett = rules(0, vec![group(1, true, &[1, 2])], taxes, vec![]);
    assert_eq!(
        Bill::of(&stay(&nett, "2026-05-03", 1, &TWO, &[(1, 1_000_000)])),
        bill(826_446, &[(1, 82_645), (2, 90_909)], &[], 1_000_000)
    );
}

#[test]
fn lisbon_takes_four_euro_from_age_13_for_seven_nights() {
    let municipal = Levy { nights: first(7), ages: vec![(13, MILLION)], ..levy(1, Unit::PersonNight, Due::Amount(4 * MILLION)) };
    let rules =
        rules(2, vec![group(1, true, &[1]), group(2, true, &[2])], vec![tax(1, 60_000), tax(2, 230_000)], vec![municipal]);
    let family = [TWO[0], TWO[1], Person::of(Age::AtArrival(13)), Person::of(Age::AtArrival(12))];
    assert_eq!(
        Bill::of(&stay(&rules, "2026-05-03", 8, &family, &[(1, 12_000), (2, 1_200)])),
        bill(98_371, &[(1, 5_434), (2, 1_795)], &[(1, 8_400)], 114_000)
    );
}

#[test]
fn one_price_lies_in_two_groups() {
    let rules = rules(2, vec![group(1, true, &[1]), group(2, true, &[2])], vec![tax(1, 60_000), tax(2, 130_000)], vec![]);
    let parts = Money(10_000).by_weights(&[75, 25]);
    let night = &stay(&rules, "2026-05-03", 1, &TWO, &[(1, parts[0].0), (2, parts[1].0)])[0];
    assert_eq!(night.sales.iter().map(|s| (s.gross.0, s.net.0)).collect::<Vec<_>>(), [(7_500, 7_075), (2_500, 2_212)]);
    // The rest of three equal parts goes to the first of them.
    assert_eq!(Money(10_000).by_weights(&[1, 1, 1]), [Money(3_334), Money(3_333), Money(3_333)]);
    assert_eq!(Money(-10_000).by_weights(&[1, 1, 1]), [Money(-3_334), Money(-3_333), Money(-3_333)]);
    // An authority's part of a tax: 4 + 4.5 + 0.375 % of 500.00.
    assert_eq!(Money(4_438).by_weights(&[40_000, 45_000, 3_750]), [Money(2_000), Money(2_250), Money(188)]);
}

/// Berlin from 2026: room and food 7 %, drinks 19 %, city tax 7.5 % of the net with 7 % on it.
fn berlin(rounding: Rounding) -> Rules {
    let city = Levy { nights: first(21), group: Some((ROOM, false)), ..levy(1, Unit::RoomNight, Due::Share(75_000)) };
    let groups = vec![group(1, true, &[1]), group(2, true, &[1]), group(3, true, &[2])];
    Rules { rounding, ..rules(2, groups, vec![tax(1, 70_000), tax(2, 190_000)], vec![city]) }
}

#[test]
fn berlin_takes_a_share_of_the_net_with_tax_on_it() {
    let sales = [(1, 10_700), (2, 2_100), (3, 900)];
    assert_eq!(
        Bill::of(&stay(&berlin(Rounding::Document), "2026-05-03", 2, &TWO, &sales)),
        bill(25_438, &[(1, 1_780), (2, 287)], &[(1, 1_500)], 29_005)
    );
    // 7.50 + 0.53 a night.
    let nightly = Bill::of(&stay(&berlin(Rounding::Night), "2026-05-03", 2, &TWO, &[(1, 10_700)]));
    assert_eq!((nightly.levies[&1], nightly.total - 21_400), (1_500, 1_606));
    let package = rules(2, vec![group(1, true, &[1]), group(2, true, &[2])], vec![tax(1, 70_000), tax(2, 190_000)], vec![]);
    let parts = Money(12_000).by_weights(&[85, 15]);
    assert_eq!(
        Bill::of(&stay(&package, "2026-05-03", 2, &TWO, &[(1, parts[0].0), (2, parts[1].0)])),
        bill(22_090, &[(1, 1_335), (2, 575)], &[], 24_000)
    );
}

#[test]
fn barcelona_has_two_levies_with_tax_on_both_and_a_new_rate_by_the_night() {
    let from_april = |before: i64, then: i64| {
        let due = |amount: i64| vec![(Money::ZERO, Due::Amount(amount))];
        Dated(vec![(date("2024-10-01"), due(before)), (date("2026-04-01"), due(then))])
    };
    let ieet = Levy {
        nights: first(7),
        ages: vec![(17, MILLION)],
        group: Some((ROOM, false)),
        bands: from_april(1_700_000, 3_400_000),
        ..levy(1, Unit::PersonNight, Due::Amount(0))
    };
    let municipal = Levy { id: LevyId(2), bands: from_april(4_000_000, 5_000_000), ..ieet.clone() };
    let mut rules = rules(2, vec![group(1, true, &[1])], vec![tax(1, 100_000)], vec![ieet, municipal]);
    assert_eq!(
        Bill::of(&stay(&rules, "2026-05-10", 3, &with_child(Age::AtArrival(16)), &[(1, 15_000)])),
        bill(40_909, &[(1, 4_595)], &[(1, 2_040), (2, 3_000)], 50_544)
    );
    let over = |rules: &Rules| Bill::of(&stay(rules, "2026-03-30", 4, &TWO, &[(1, 0)]));
    assert_eq!(over(&rules), bill(0, &[(1, 564)], &[(1, 2_040), (2, 3_600)], 6_204));
    // Where the law looks at the arrival all four nights have the old rate.
    rules.levies.iter_mut().for_each(|levy| levy.decided_by = DecidedBy::Arrival);
    assert_eq!(over(&rules).levies.values().sum::<i64>(), 4 * 2 * 570);
}

#[test]
fn rome_takes_ten_nights_and_a_child_from_its_tenth_birthday_on() {
    let contributo =
        Levy { nights: first(10), ages: vec![(10, MILLION)], ..levy(1, Unit::PersonNight, Due::Amount(6 * MILLION)) };
    let mut rules = rules(2, vec![group(1, true, &[1])], vec![tax(1, 100_000)], vec![contributo]);
    let child = with_child(Age::Born(date("2016-05-07")));
    let nights = stay(&rules, "2026-05-03", 12, &child, &[(1, 11_000)]);
    assert_eq!(Bill::of(&nights), bill(120_000, &[(1, 12_000)], &[(1, 15_600)], 147_600));
    assert_eq!(nights[3].levies[0].units, [(2, Money(600))]);
    assert_eq!(nights[4].levies[0].units, [(3, Money(600))]);
    // Where the age at arrival decides, the child stays free.
    rules.levies[0].is_age_at_arrival = true;
    assert_eq!(Bill::of(&stay(&rules, "2026-05-03", 12, &child, &[(1, 11_000)])).levies[&1], 12_000);
}

#[test]
fn zurich_has_its_city_tax_with_the_lodging_rate_in_it() {
    let city = Levy { nights: first(30), group: Some((ROOM, true)), ..levy(1, Unit::PersonNight, Due::Amount(3_500_000)) };
    let rules = rules(2, vec![group(1, true, &[1]), group(2, true, &[2])], vec![tax(1, 38_000), tax(2, 81_000)], vec![city]);
    let mut reckoning = Reckoning::new(Arc::new(rules.clone()));
    let mut out = Bill::default();
    for number in 1..=2 {
        let day = date("2026-05-03").plus(i64::from(number) - 1).expect("date");
        let night = Night { date: day, arrival: date("2026-05-03"), number, number_in_year: number, people: &TWO };
        let sales =
            [(1, 18_900), (2, 2_500)].map(|(group, price)| Sale { group: TaxGroupId(group), price: Money(price), line: group });
        let taxed = reckoning.night(&night, &sales, &[]);
        taxed.sales.iter().for_each(|sale| out.add(sale, None));
        taxed.levies.iter().for_each(|line| out.add(&line.taxed, Some(line.levy)));
        if number == 2 {
            out.add(&reckoning.sale(Sale { group: TaxGroupId(2), price: Money(633), line: 9 }, &night, None), None);
        }
    }
    assert_eq!((out.net + out.levies[&1], out.taxes[&1], out.taxes[&2], out.total), (42_976, 1_435, 422, 44_833));
}

#[test]
fn new_york_adds_percentages_and_amounts_for_the_room() {
    let levies = vec![levy(1, Unit::RoomNight, Due::Amount(2 * MILLION)), levy(2, Unit::RoomNight, Due::Amount(1_500_000))];
    let mut rules = rules(2, vec![group(1, false, &[1, 2])], vec![tax(1, 88_750), tax(2, 58_750)], levies);
    assert_eq!(
        Bill::of(&stay(&rules, "2026-05-03", 2, &TWO, &[(1, 25_000)])),
        bill(50_000, &[(1, 4_438), (2, 2_938)], &[(1, 400), (2, 300)], 58_076)
    );
    let three = |rules: &Rules| Bill::of(&stay(rules, "2026-05-03", 3, &TWO, &[(1, 18_995)]));
    assert_eq!(three(&rules), bill(56_985, &[(1, 5_057), (2, 3_348)], &[(1, 600), (2, 450)], 66_440));
    rules.rounding = Rounding::Night;
    assert_eq!(three(&rules), bill(56_985, &[(1, 5_058), (2, 3_348)], &[(1, 600), (2, 450)], 66_441));
}

#[test]
fn tokyo_and_kyoto_take_by_the_price_of_a_person() {
    let bands = |steps: &[(i64, i64)]| -> Vec<(Money, Due)> {
        steps.iter().map(|(from, amount)| (Money(*from), Due::Amount(amount * MILLION))).collect()
    };
    let tokyo = Levy {
        is_on_service: true,
        bands: Dated(vec![(date("2002-10-01"), bands(&[(10_000, 100), (15_000, 200)]))]),
        ..levy(1, Unit::PersonNight, Due::Amount(0))
    };
    let taxes = vec![service(1, 100_000), tax(2, 100_000)];
    let tokyo = rules(0, vec![group(1, false, &[1, 2])], taxes.clone(), vec![tokyo]);
    assert_eq!(
        Bill::of(&stay(&tokyo, "2026-05-03", 2, &TWO, &[(1, 26_000)])),
        bill(52_000, &[(1, 5_200), (2, 5_720)], &[(1, 400)], 63_320)
    );
    let kyoto = Levy {
        is_on_service: true,
        bands: Dated(vec![
            (date("2018-10-01"), bands(&[(0, 200), (20_000, 500), (50_000, 1_000)])),
            (date("2026-03-01"), bands(&[(0, 200), (6_000, 400), (20_000, 1_000), (50_000, 4_000), (100_000, 10_000)])),
        ]),
        ..levy(1, Unit::PersonNight, Due::Amount(0))
    };
    let kyoto = rules(0, vec![group(1, false, &[1, 2])], taxes, vec![kyoto]);
    let city = |arrival: &str, nights: u32, price: i64| Bill::of(&stay(&kyoto, arrival, nights, &TWO, &[(1, price)])).levies[&1];
    assert_eq!(city("2026-02-27", 3, 26_000), 1_600);
    // The price of a person with service: 5,999 and 6,000; 19,999 and 20,000; 99,999 and 100,000.
    let nett = Rules { groups: vec![group(1, false, &[2])], ..kyoto.clone() };
    let each = |price: i64| Bill::of(&stay(&nett, "2026-03-01", 1, &TWO[..1], &[(1, price)])).levies[&1];
    assert_eq!(
        [5_999, 6_000, 19_999, 20_000, 49_999, 50_000, 99_999, 100_000].map(each),
        [200, 400, 400, 1_000, 1_000, 4_000, 4_000, 10_000]
    );
}

#[test]
fn kuwait_has_three_decimals_and_two_ways_to_round() {
    let mut rules = rules(3, vec![group(1, false, &[1])], vec![service(1, 150_000)], vec![]);
    let three = |rules: &Rules| Bill::of(&stay(rules, "2026-05-03", 3, &TWO, &[(1, 45_555)]));
    assert_eq!(three(&rules), bill(136_665, &[(1, 20_500)], &[], 157_165));
    rules.rounding = Rounding::Night;
    assert_eq!(three(&rules).taxes[&1], 20_499);
}

#[test]
fn great_britain_has_vat_inside_and_edinburgh_a_levy_on_top_or_inside() {
    let plain = rules(2, vec![group(1, true, &[1])], vec![tax(1, 200_000)], vec![]);
    assert_eq!(Bill::of(&stay(&plain, "2026-05-03", 2, &TWO, &[(1, 13_500)])), bill(22_500, &[(1, 4_500)], &[], 27_000));
    let visitor = Levy { nights: first(5), group: Some((ROOM, false)), ..levy(1, Unit::RoomNight, Due::Share(50_000)) };
    let on_top = rules(2, vec![group(1, false, &[1])], vec![tax(1, 200_000)], vec![visitor.clone()]);
    assert_eq!(
        Bill::of(&stay(&on_top, "2026-08-01", 6, &TWO, &[(1, 10_000)])),
        bill(60_000, &[(1, 12_500)], &[(1, 2_500)], 75_000)
    );
    let inside = rules(2, vec![group(1, true, &[1])], vec![tax(1, 200_000)], vec![Levy { is_included: true, ..visitor }]);
    let one = |price: i64| Bill::of(&stay(&inside, "2026-08-01", 1, &TWO, &[(1, price)]));
    assert_eq!(one(12_000), bill(9_524, &[(1, 2_000)], &[(1, 476)], 12_000));
    assert_eq!(one(12_600), bill(10_000, &[(1, 2_100)], &[(1, 500)], 12_600));
}

#[test]
fn a_long_stay_in_great_britain_has_vat_on_a_fifth_from_the_29th_night_on() {
    let full = Tax { nights: first(28), ..tax(1, 200_000) };
    let reduced = Tax { nights: Nights { from: 29, ..Nights::ALL }, ..tax(2, 40_000) };
    let rules = rules(2, vec![group(1, false, &[1, 2])], vec![full, reduced], vec![]);
    assert_eq!(
        Bill::of(&stay(&rules, "2026-05-03", 30, &TWO, &[(1, 5_000)])),
        bill(150_000, &[(1, 28_000), (2, 400)], &[], 178_400)
    );
}

#[test]
fn amsterdam_keeps_its_price_over_a_new_rate() {
    let vat = Tax { rates: Dated(vec![(date("2019-01-01"), 90_000), (date("2026-01-01"), 210_000)]), ..tax(1, 0) };
    let tourist = levy(1, Unit::RoomNight, Due::Share(125_000));
    let rules = rules(2, vec![group(1, true, &[1])], vec![vat], vec![tourist]);
    assert_eq!(
        Bill::of(&stay(&rules, "2026-05-03", 3, &TWO, &[(1, 18_150)])),
        bill(45_000, &[(1, 9_450)], &[(1, 5_625)], 60_075)
    );
    let nights = stay(&rules, "2025-12-30", 3, &TWO, &[(1, 18_150)]);
    assert_eq!(Bill::of(&nights), bill(48_303, &[(1, 6_147)], &[(1, 6_038)], 60_488));
    assert_eq!(nights[2].sales[0].net, Money(15_000));
}

#[test]
fn paris_rounds_for_each_person_and_takes_none_of_the_young() {
    let sejour = Levy { ages: vec![(18, MILLION)], ..levy(1, Unit::PersonNight, Due::Amount(8_125_000)) };
    let rules = rules(2, vec![group(1, true, &[1])], vec![tax(1, 100_000)], vec![sejour]);
    assert_eq!(
        Bill::of(&stay(&rules, "2024-05-03", 3, &with_child(Age::AtArrival(17)), &[(1, 22_000)])),
        bill(60_000, &[(1, 6_000)], &[(1, 4_878)], 70_878)
    );
}

#[test]
fn three_coffees_stay_three_coffees_and_a_refund_is_the_price_turned_round() {
    let rules = rules(2, vec![group(1, true, &[1]), group(2, true, &[2])], vec![tax(1, 100_000), tax(2, 70_000)], vec![]);
    let coffee = &stay(&rules, "2026-05-03", 1, &TWO, &[(1, 3 * 225)])[0].sales[0];
    assert_eq!((coffee.gross.0, coffee.net.0, coffee.tax().0), (675, 614, 61));
    let credit = &stay(&rules, "2026-05-03", 1, &TWO, &[(2, -10_003)])[0].sales[0];
    assert_eq!((credit.gross.0, credit.net.0, credit.tax().0), (-10_003, -9_349, -654));
}

#[test]
fn a_levy_knows_seasons_shares_bounds_exemptions_and_where_people_live() {
    let base = levy(1, Unit::PersonNight, Due::Amount(2 * MILLION));
    let one = |levy: Levy, on: &str, people: &[Person]| {
        let rules = rules(2, vec![group(1, true, &[])], vec![], vec![levy]);
        Bill::of(&stay(&rules, on, 1, people, &[(1, 10_000)])).levies.values().sum::<i64>()
    };
    // Over the new year.
    let winter = Levy { season: Some(((11, 1), (3, 31))), ..base.clone() };
    assert_eq!(
        ["2026-10-31", "2026-11-01", "2026-12-31", "2027-01-01", "2027-03-31", "2027-04-01"].map(|day| one(
            winter.clone(),
            day,
            &TWO
        )),
        [0, 400, 400, 400, 400, 0]
    );
    // Half from 12 to 17, each share rounded for itself.
    let shares = Levy { ages: vec![(12, 500_000), (18, MILLION)], ..levy(1, Unit::PersonNight, Due::Amount(1_250_000)) };
    assert_eq!(
        [11, 12, 17, 18].map(|age| one(shares.clone(), "2026-05-03", &[Person::of(Age::AtArrival(age))])),
        [0, 63, 63, 125]
    );
    assert_eq!(one(shares, "2026-05-03", &with_child(Age::Child)), 250);
    // At most 3.00 of 5 % of 50.00 or 100.00 a person.
    let most = Levy { most: Some(Money(300)), ..levy(1, Unit::PersonNight, Due::Share(50_000)) };
    assert_eq!(one(most.clone(), "2026-05-03", &TWO), 500);
    assert_eq!(one(most, "2026-05-03", &TWO[..1]), 300);
    let foreigners = Levy { whom: Whom::Foreigners, ..base.clone() };
    let resident = Person { is_resident: true, ..TWO[0] };
    assert_eq!(one(foreigners.clone(), "2026-05-03", &[TWO[0], resident]), 200);
    assert_eq!(one(Levy { whom: Whom::Residents, ..foreigners }, "2026-05-03", &[TWO[0], resident]), 200);
    // Once for a stay, whatever its length.
    let once = rules(2, vec![group(1, true, &[])], vec![], vec![levy(1, Unit::Stay, Due::Amount(2 * MILLION))]);
    assert_eq!(Bill::of(&stay(&once, "2026-05-03", 5, &TWO, &[(1, 10_000)])).levies[&1], 200);
    // Who is exempt pays nothing; what is counted by the room is paid as long as one of them pays.
    let exempt = Person { is_exempt: true, ..TWO[0] };
    assert_eq!(one(base.clone(), "2026-05-03", &[TWO[0], exempt]), 200);
    let day = date("2026-05-03");
    let first = Night { date: day, arrival: day, number: 1, number_in_year: 1, people: &TWO };
    let night = |people: &[Person]| Reckoning::new(Arc::new(once.clone())).night(&Night { people, ..first }, &[], &[]);
    assert_eq!(night(&[TWO[0], exempt]).gross().0, 200);
    assert_eq!(night(&[exempt, exempt]), NightTaxed::default());
    // Ten days of a calendar year in the same house.
    let year = Levy { nights: Nights { to: Some(10), is_of_year: true, ..Nights::ALL }, ..base };
    let year = rules(2, vec![], vec![], vec![year]);
    let at = |number_in_year: u32| Night { number_in_year, ..first };
    assert_eq!([9, 10, 11].map(|day| Reckoning::new(Arc::new(year.clone())).night(&at(day), &[], &[]).gross().0), [400, 400, 0]);
}

/// As many as `PROPTEST_CASES` says (`tests/long/taxes`), or a few.
fn cases() -> ProptestConfig {
    let given = std::env::var_os("PROPTEST_CASES").is_some();
    if given { ProptestConfig::default() } else { ProptestConfig::with_cases(400) }
}

/// Two groups with up to three taxes, inside or on top, a third that splits a price over them, and two levies.
fn any_rules() -> impl Strategy<Value = Rules> {
    let rate = 0..=400_000_i64;
    let rounding = prop_oneof![Just(Rounding::Night), Just(Rounding::Line), Just(Rounding::Document)];
    let levy_of = (0..=8_i64, any::<bool>(), any::<bool>(), any::<bool>(), 0..=9_000_000_i64, 0..=200_000_i64, any::<bool>());
    let split = (any::<bool>(), 1..1_000_000_i64);
    (rounding, [rate.clone(), rate.clone(), rate], any::<[bool; 2]>(), split, [levy_of.clone(), levy_of]).prop_map(
        |(rounding, rates, [first, second], (is_inside, share), levies)| {
            let taxes = vec![service(1, rates[0]), tax(2, rates[1]), tax(3, rates[2])];
            let levies = (1..).zip(levies).map(|(id, (nights, is_person, is_included, is_taxed, amount, share, is_share))| {
                let unit = if is_person && !is_included { Unit::PersonNight } else { Unit::RoomNight };
                let due = if is_share { Due::Share(share) } else { Due::Amount(amount) };
                let group = is_taxed.then_some((ROOM, is_person));
                let to = u32::try_from(nights).ok().filter(|to| *to > 0);
                Levy { nights: Nights { to, ..Nights::ALL }, group, is_included, ..levy(id, unit, due) }
            });
            let levies = levies.collect();
            let parts = vec![(TaxGroupId(1), share), (TaxGroupId(2), MILLION - share)];
            let split = Group { parts, ..group(3, is_inside, &[]) };
            Rules { rounding, ..rules(2, vec![group(1, first, &[1, 2]), group(2, second, &[2, 3]), split], taxes, levies) }
        },
    )
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn parts_make_up_the_whole_and_a_second_look_finds_the_same(
        rules in any_rules(),
        nights in proptest::collection::vec((0..=5_000_000_i64, 0..=100_000_i64), 1..9),
        room in prop_oneof![Just(1_i64), Just(3)],
    ) {
        let quote = || {
            let mut reckoning = Reckoning::new(Arc::new(rules.clone()));
            let mut number = 0;
            nights.iter().map(|(price, food)| {
                number += 1;
                let at = date("2026-05-03").plus(i64::from(number)).expect("date");
                let night = Night { date: at, arrival: date("2026-05-03"), number, number_in_year: number, people: &TWO };
                let sales = [(room, *price), (2, *food)].map(|(group, price)| Sale { group: TaxGroupId(group), price: Money(price), line: group });
                let inside = Sale { group: TaxGroupId(2), price: Money(*price / 4), line: room };
                let taxed = reckoning.night(&night, &sales, &[inside]);
                (sales.map(|sale| sale.price), taxed)
            }).collect::<Vec<_>>()
        };
        for (prices, night) in quote() {
            let inside: Money = night.levies.iter().filter(|line| rules.levies.iter().any(|l| l.id == line.levy && l.is_included)).map(|line| line.taxed.gross).sum();
            for (at, taxed) in night.sales.iter().enumerate() {
                prop_assert_eq!(taxed.net + taxed.tax(), taxed.gross);
                let taken = if at == 0 { inside } else { Money::ZERO };
                let group = if at == 0 { room } else { 2 };
                match rules.group(TaxGroupId(group)).is_some_and(|group| group.is_included) {
                    true => prop_assert_eq!(taxed.gross + taken, prices[at]),
                    false => prop_assert_eq!(taxed.net + taken, prices[at]),
                }
            }
            let food = &night.inside[0];
            prop_assert_eq!(food.net + food.tax(), food.gross);
            prop_assert!(food.taxes.iter().all(|tax| night.sales[0].taxes.contains(tax)), "it is a part of the room's line");
            for line in &night.levies {
                prop_assert_eq!(line.taxed.net + line.taxed.tax(), line.taxed.gross);
            }
        }
        prop_assert_eq!(quote(), quote());
    }

    #[test]
    fn the_order_of_posting_changes_no_total(
        rules in any_rules(),
        prices in proptest::collection::vec((1..=3_i64, -200_000..=5_000_000_i64), 1..12),
        by in 0..12_usize,
    ) {
        let rules = Rules { rounding: Rounding::Document, ..rules };
        let day = date("2026-05-03");
        let night = Night { date: day, arrival: day, number: 1, number_in_year: 1, people: &TWO };
        let total = |prices: &[(i64, i64)]| {
            let mut reckoning = Reckoning::new(Arc::new(rules.clone()));
            let mut out = Bill::default();
            for (group, price) in prices {
                out.add(&reckoning.sale(Sale { group: TaxGroupId(*group), price: Money(*price), line: *group }, &night, None), None);
            }
            out
        };
        let mut turned = prices.clone();
        turned.rotate_left(by % prices.len());
        turned.reverse();
        prop_assert_eq!(total(&prices), total(&turned));
    }

    #[test]
    fn a_refund_is_the_original_with_the_other_sign(rules in any_rules(), price in 0..=50_000_000_i64, group in 1..=3_i64) {
        let rules = Rules { rounding: Rounding::Night, ..rules };
        let day = date("2026-05-03");
        let night = Night { date: day, arrival: day, number: 1, number_in_year: 1, people: &TWO };
        let sale = |price: i64| Reckoning::new(Arc::new(rules.clone())).sale(Sale { group: TaxGroupId(group), price: Money(price), line: 1 }, &night, None);
        let (sold, refunded) = (sale(price), sale(-price));
        prop_assert_eq!(sold.net, -refunded.net);
        prop_assert_eq!(sold.gross, -refunded.gross);
        let amounts = |taxed: &Taxed, sign: i64| taxed.taxes.iter().map(|line| line.amount.0 * sign).collect::<Vec<_>>();
        prop_assert_eq!(amounts(&sold, 1), amounts(&refunded, -1));
    }
}
