//! What must hold of groups and their blocks.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    OVERSOLD = "check.oversold_by_blocks": "SELECT t.code || ', night of ' || h.night
        FROM (SELECT b.room_type_id, b.night, sum(max(0, b.rooms - (
                SELECT count(*) FROM reservation AS r
                JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night = b.night
                LEFT JOIN room AS m ON m.id = n.room_id
                WHERE r.group_id = b.group_id AND n.is_held = 1 AND n.kind = 'night'
                    AND coalesce(m.room_type_id, n.room_type_id) = b.room_type_id))) AS rooms
            FROM group_night AS b
            WHERE b.is_held = 1 AND b.night > (SELECT business_date FROM property WHERE id = 1)
            GROUP BY b.room_type_id, b.night) AS h
        JOIN room_type AS t ON t.id = h.room_type_id
        WHERE h.rooms > 0 AND h.rooms
            + (SELECT count(*) FROM room_night AS x JOIN room AS m ON m.id = x.room_id WHERE x.night = h.night AND m.room_type_id = h.room_type_id)
            + (SELECT count(*) FROM reservation_night AS w WHERE w.is_held = 1 AND w.room_id IS NULL AND w.kind = 'night'
                AND w.night = h.night AND w.room_type_id = h.room_type_id)
            > (SELECT count(*) FROM room AS m WHERE m.room_type_id = h.room_type_id)", scans "a check reads everything";
    HELD_FOR_NOTHING = "check.held_for_nothing": "SELECT g.code || ', night of ' || b.night
        FROM group_night AS b
        JOIN booking_group AS g ON g.id = b.group_id
        WHERE b.night < g.arrival_date OR b.night >= g.departure_date
            OR b.is_held = 1 AND b.night >= (SELECT business_date FROM property WHERE id = 1)
                AND (g.status NOT IN ('tentative', 'definite') OR g.released_on IS NOT NULL)", scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("No type is promised beyond its rooms, with what is held for groups.", &OVERSOLD),
    ("Blocks are held for the nights of groups that are to come.", &HELD_FOR_NOTHING),
];
