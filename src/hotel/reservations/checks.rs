//! What must hold of bookings and their nights.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    NIGHT_WITHOUT_ROOM_NIGHT = "check.night_without_room_night": "SELECT r.confirmation_number || ', night of ' || n.night
        FROM reservation_night AS n
        JOIN reservation AS r ON r.id = n.reservation_id
        LEFT JOIN room_night AS t ON t.night = n.night AND t.room_id = n.room_id AND t.reservation_id = n.reservation_id
        WHERE n.kind = 'night' AND n.is_held = 1 AND n.room_id IS NOT NULL AND t.night IS NULL", scans "a check reads everything";
    ROOM_NIGHT_WITHOUT_NIGHT = "check.room_night_without_night": "SELECT 'room ' || m.room_number || ', night of ' || t.night
        FROM room_night AS t
        JOIN room AS m ON m.id = t.room_id
        LEFT JOIN reservation_night AS n ON n.reservation_id = t.reservation_id AND n.night = t.night
            AND n.room_id = t.room_id AND n.kind = 'night' AND n.is_held = 1
        WHERE t.reservation_id IS NOT NULL AND n.id IS NULL", scans "a check reads everything";
    DAY_WITHOUT_ROOM_DAY = "check.day_without_room_day": "SELECT r.confirmation_number || ', day of ' || n.night
        FROM reservation_night AS n
        JOIN reservation AS r ON r.id = n.reservation_id
        LEFT JOIN room_day AS t ON t.day = n.night AND t.room_id = n.room_id AND t.reservation_id = n.reservation_id
        WHERE n.kind = 'day_use' AND n.is_held = 1 AND n.is_posted = 0 AND n.room_id IS NOT NULL AND t.id IS NULL", scans "a check reads everything";
    ROOM_DAY_WITHOUT_DAY = "check.room_day_without_day": "SELECT 'room ' || m.room_number || ', day of ' || t.day
        FROM room_day AS t
        JOIN room AS m ON m.id = t.room_id
        LEFT JOIN reservation_night AS n ON n.reservation_id = t.reservation_id AND n.night = t.day
            AND n.room_id = t.room_id AND n.kind = 'day_use' AND n.is_held = 1 AND n.is_posted = 0
        WHERE n.id IS NULL", scans "a check reads everything";
    STAY_WITH_OTHER_NIGHTS = "check.stay_with_other_nights": "SELECT r.confirmation_number
        FROM reservation AS r
        CROSS JOIN property AS p
        LEFT JOIN (
            SELECT reservation_id, count(*) AS held, min(night) AS first, max(night) AS last
            FROM reservation_night WHERE is_held = 1 GROUP BY reservation_id
        ) AS n ON n.reservation_id = r.id
        WHERE CASE
            WHEN r.status IN ('cancelled', 'no_show') THEN n.held IS NOT NULL
            -- Past the departure: the nights stayed since, and tonight's, which is held.
            WHEN r.status = 'checked_in' AND r.check_out_date < p.business_date
                THEN n.held IS NOT CAST(julianday(p.business_date) - julianday(r.check_in_date) AS INTEGER) + 1
                    OR n.first IS NOT r.check_in_date OR n.last IS NOT p.business_date
            WHEN r.is_day_use = 1 THEN n.held IS NOT 1 OR n.first IS NOT r.check_in_date
            ELSE n.held IS NOT CAST(julianday(r.check_out_date) - julianday(r.check_in_date) AS INTEGER)
                OR n.first IS NOT r.check_in_date OR n.last >= r.check_out_date
        END", scans "a check reads everything";
    NIGHT_SUMS = "check.night_sums": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (
            SELECT reservation_id, sum(rate) AS booked, sum(CASE WHEN is_held = 1 AND is_posted = 0 THEN rate + added_amount ELSE 0 END) AS unposted
            FROM reservation_night GROUP BY reservation_id
        ) AS n ON n.reservation_id = r.id
        WHERE r.room_amount <> coalesce(n.booked, 0) OR r.unposted_amount <> coalesce(n.unposted, 0)", scans "a check reads everything";
    NAMES = "check.names": "SELECT r.confirmation_number
        FROM reservation AS r
        JOIN guest AS g ON g.id = r.guest_id
        JOIN room_type AS t ON t.id = r.room_type_id
        LEFT JOIN room AS m ON m.id = r.room_id
        WHERE r.guest_name <> g.full_name OR r.guest_email <> g.email OR r.guest_phone <> g.phone_number
            OR r.room_type_name <> t.name OR r.room_number IS NOT m.room_number", scans "a check reads everything";
    FREE_AT_A_PRICE = "check.free_at_a_price": "SELECT r.confirmation_number || ', night of ' || n.night
        FROM reservation AS r
        JOIN reservation_night AS n ON n.reservation_id = r.id
        WHERE r.rate_kind <> 'paying' AND n.is_held = 1 AND n.is_posted = 0 AND n.rate <> 0", scans "a check reads everything";
    DEPOSIT = "check.deposit": "SELECT r.confirmation_number
        FROM reservation AS r
        JOIN policy AS p ON p.id = r.policy_id
        LEFT JOIN (
            SELECT reservation_id, sum(rate + added_amount) AS price, sum(CASE WHEN is_first THEN rate + added_amount ELSE 0 END) AS first
            FROM (
                SELECT reservation_id, rate, added_amount, night = min(night) OVER (PARTITION BY reservation_id) AS is_first
                FROM reservation_night WHERE is_held = 1
            ) GROUP BY reservation_id
        ) AS n ON n.reservation_id = r.id
        WHERE r.status IN ('tentative', 'confirmed') AND (
            r.deposit_amount <> CASE p.deposit_kind
                WHEN 'none' THEN 0
                WHEN 'first_night' THEN n.first
                WHEN 'percent' THEN (n.price * p.deposit_percent + 5000) / 10000
                ELSE min(p.deposit_amount, n.price) END
            OR r.deposit_due_date NOT BETWEEN min(coalesce(r.booked_on, substr(r.created_at, 1, 10)), r.check_in_date) AND r.check_in_date)", scans "a check reads everything";
    EXTRAS_COUNTED = "check.extras_counted": "SELECT r.confirmation_number || ', night of ' || n.night
        FROM reservation_night AS n
        CROSS JOIN json_each(n.extras) AS e
        JOIN reservation AS r ON r.id = n.reservation_id
        WHERE n.is_held = 1 AND n.is_posted = 0 AND n.extras <> '[]'
            AND json_extract(e.value, '$.quantity') <> CASE
                WHEN r.rate_kind <> 'paying' THEN 0
                ELSE CASE json_extract(e.value, '$.per') WHEN 'stay' THEN n.night = r.check_in_date WHEN 'night' THEN 1 ELSE n.adults + n.children END
            END", scans "a check reads everything";
    IN_HOUSE_WITHOUT_ROOM = "check.in_house_without_room": "SELECT confirmation_number
        FROM reservation WHERE status = 'checked_in' AND room_id IS NULL", scans "a check reads everything";
    TWO_IN_ONE_ROOM = "check.two_in_one_room": "SELECT 'room ' || room_number || ': ' || group_concat(confirmation_number, ', ')
        FROM reservation WHERE status = 'checked_in' AND room_id IS NOT NULL
        GROUP BY room_id, room_number HAVING count(*) > 1", scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("Every held night with a room has taken that room.", &NIGHT_WITHOUT_ROOM_NIGHT),
    ("Every taken room night belongs to a held night.", &ROOM_NIGHT_WITHOUT_NIGHT),
    ("Every day use with a room has taken that room until its bill is made.", &DAY_WITHOUT_ROOM_DAY),
    ("Every room taken by day belongs to a day use.", &ROOM_DAY_WITHOUT_DAY),
    ("Stays hold exactly their nights, cancelled ones none.", &STAY_WITH_OTHER_NIGHTS),
    ("Amounts of nights add up.", &NIGHT_SUMS),
    ("What is sold along with nights to come follows the stay and its people.", &EXTRAS_COUNTED),
    ("Nothing is charged for what is complimentary or house use.", &FREE_AT_A_PRICE),
    ("Names on reservations are those of guests, rooms and types.", &NAMES),
    ("Every booking to come asks for the deposit of its terms.", &DEPOSIT),
    ("Everybody in the house has a room.", &IN_HOUSE_WITHOUT_ROOM),
    ("No two stays are in one room.", &TWO_IN_ONE_ROOM),
];
