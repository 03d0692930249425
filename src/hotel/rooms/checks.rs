//! What must hold of rooms and their blocks.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    BLOCKED_NIGHT_OUTSIDE_BLOCK = "check.blocked_night_outside_block": "SELECT 'room ' || m.room_number || ', night of ' || t.night
        FROM room_night AS t
        JOIN room AS m ON m.id = t.room_id
        JOIN room_block AS b ON b.id = t.block_id
        WHERE b.kind <> 'out_of_order' OR b.room_id <> t.room_id OR t.night < b.start_date OR t.night >= b.end_date",
        scans "a check reads everything";
    BLOCK_WITHOUT_NIGHTS = "check.block_without_nights": "SELECT 'room ' || m.room_number || ' from ' || b.start_date || ' to ' || b.end_date
        FROM room_block AS b
        JOIN room AS m ON m.id = b.room_id
        WHERE b.kind = 'out_of_order' AND b.released_at IS NULL
            AND julianday(b.end_date) - julianday(b.start_date)
                <> (SELECT count(*) FROM room_night AS t WHERE t.block_id = b.id AND t.room_id = b.room_id
                    AND t.night >= b.start_date AND t.night < b.end_date)", scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("Nights taken by a block lie within an out-of-order block.", &BLOCKED_NIGHT_OUTSIDE_BLOCK),
    ("Every out-of-order block has taken all its nights.", &BLOCK_WITHOUT_NIGHTS),
];
