-- Innkeeper's database: the latest schema, laid down as it stands in a fresh file.
-- Older files are brought to it by the steps in src/db/migrate.rs.
--
-- Conventions
--   money      INTEGER, minor units of the property's currency (cents; whole rupiah)
--   date       TEXT, a civil date YYYY-MM-DD in the hotel's own calendar
--   instant    TEXT, RFC 3339 in UTC with milliseconds
--   boolean    INTEGER 0 or 1
--   IN (…)     two words at most on bookings and their nights: for a longer list SQLite
--              builds a tree each time a row is written
--   version    goes up by one with every change; an edit made from an older one is refused
-- Ledger tables (posting, audit_log) are append-only: a correction is a new row.

-- Ties the log to its file: each commit leaves a new mark here, beside the one before. A log in
-- which the file's mark does not stand is another file's. The first table, so that the row lies
-- on the second page; both texts keep their length, so that it stays in its place there.
CREATE TABLE log_mark (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    mark TEXT NOT NULL,
    before TEXT NOT NULL
) STRICT;
INSERT INTO log_mark (id, mark, before)
VALUES (1, 'innkeeper-mark:' || lower(hex(randomblob(16))), 'innkeeper-mark:' || lower(hex(randomblob(16))));

-- What cancelling and not coming cost, and what is asked for before. A policy never changes: new terms are another row, and a
-- booking keeps the one that it was made under. Percentages are in hundredths.
CREATE TABLE policy (
    id INTEGER PRIMARY KEY,
    no_show_fee_kind TEXT NOT NULL CHECK (no_show_fee_kind IN ('none', 'first_night', 'percent')),
    no_show_fee_percent INTEGER NOT NULL DEFAULT 0 CHECK (no_show_fee_percent BETWEEN 0 AND 10000),
    -- What is asked for before the arrival, and by when: so many days after the booking or before the arrival.
    deposit_kind TEXT NOT NULL DEFAULT 'none' CHECK (deposit_kind IN ('none', 'first_night', 'percent', 'amount')),
    deposit_percent INTEGER NOT NULL DEFAULT 0 CHECK (deposit_percent BETWEEN 0 AND 10000),
    deposit_amount INTEGER NOT NULL DEFAULT 0 CHECK (deposit_amount >= 0),
    deposit_due TEXT NOT NULL DEFAULT 'after_booking' CHECK (deposit_due IN ('after_booking', 'before_arrival')),
    deposit_due_days INTEGER NOT NULL DEFAULT 0 CHECK (deposit_due_days BETWEEN 0 AND 365),
    CHECK ((deposit_kind = 'percent') = (deposit_percent > 0) AND (deposit_kind = 'amount') = (deposit_amount > 0))
) STRICT;
-- From so many hours before arrival on, cancelling costs this; before the first it is free.
CREATE TABLE policy_step (
    policy_id INTEGER NOT NULL REFERENCES policy (id),
    hours_before INTEGER NOT NULL CHECK (hours_before BETWEEN 0 AND 8760),
    fee_kind TEXT NOT NULL CHECK (fee_kind IN ('first_night', 'percent')),
    fee_percent INTEGER NOT NULL DEFAULT 0 CHECK (fee_percent BETWEEN 0 AND 10000),
    PRIMARY KEY (policy_id, hours_before)
) STRICT;
INSERT INTO policy (id, no_show_fee_kind) VALUES (1, 'first_night');
CREATE TRIGGER policy_is_frozen BEFORE UPDATE ON policy BEGIN SELECT RAISE(ABORT, 'policy_is_frozen'); END;
CREATE TRIGGER policy_is_kept BEFORE DELETE ON policy BEGIN SELECT RAISE(ABORT, 'policy_is_frozen'); END;
CREATE TRIGGER policy_step_is_frozen BEFORE UPDATE ON policy_step BEGIN SELECT RAISE(ABORT, 'policy_is_frozen'); END;
CREATE TRIGGER policy_step_is_kept BEFORE DELETE ON policy_step BEGIN SELECT RAISE(ABORT, 'policy_is_frozen'); END;

-- The property: one row, its settings and the business date that the day close rolls.
CREATE TABLE property (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    address TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    currency_exponent INTEGER NOT NULL CHECK (currency_exponent IN (0, 2, 3)),
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    business_date TEXT NOT NULL CHECK (business_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    check_in_time TEXT NOT NULL DEFAULT '14:00',
    check_out_time TEXT NOT NULL DEFAULT '12:00',
    -- JSON list of guest fields that must be filled in before check-in.
    required_guest_fields TEXT NOT NULL DEFAULT '[]',
    -- The terms of new bookings, unless their rate plan has its own.
    policy_id INTEGER NOT NULL DEFAULT 1 REFERENCES policy (id),
    -- Requests a minute and session; 0 = no limit. Fewer would lock everybody out.
    rate_limit_per_minute INTEGER NOT NULL DEFAULT 1200 CHECK (rate_limit_per_minute = 0 OR rate_limit_per_minute >= 120),
    -- Whether cash is refused while no drawer is open for who takes it.
    needs_shift INTEGER NOT NULL DEFAULT 0 CHECK (needs_shift IN (0, 1)),
    -- What cash is rounded to; 0 = it is paid to the last minor unit.
    smallest_coin INTEGER NOT NULL DEFAULT 0 CHECK (smallest_coin >= 0),
    -- How many cots the hotel has; NULL = enough.
    cots INTEGER CHECK (cots BETWEEN 0 AND 1000),
    -- What a guest usually leaves as a security; 0 = none is proposed.
    usual_security INTEGER NOT NULL DEFAULT 0 CHECK (usual_security >= 0),
    is_demo INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- The business date does not move on over a guest who should have left and whose room
-- is not held tonight: it could be sold to another.
CREATE TRIGGER overdue_guests_keep_their_rooms AFTER UPDATE OF business_date ON property
WHEN EXISTS (
    SELECT 1 FROM reservation AS r INDEXED BY reservation_in_house
    WHERE r.status = 'checked_in' AND r.check_out_date < NEW.business_date
        AND NOT EXISTS (SELECT 1 FROM room_night AS n
            WHERE n.night = NEW.business_date AND n.room_id = r.room_id AND n.reservation_id = r.id)
) BEGIN SELECT RAISE(ABORT, 'overdue_room_is_not_held'); END;

-- Staff accounts. An account is deactivated, never deleted: the audit trail names it.
CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(username) BETWEEN 1 AND 100),
    full_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'receptionist', 'housekeeper', 'read_only')),
    password_hash TEXT NOT NULL,
    -- Opens the account on registered devices; NULL = no PIN. Owners have none.
    pin_hash TEXT,
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT owners_have_no_pin CHECK (pin_hash IS NULL OR role <> 'owner')
) STRICT;

-- Browsers on which staff may sign in by PIN. Only the SHA-256 of a token is stored.
-- A device is revoked, never deleted: sign-ins and the audit trail name it.
CREATE TABLE device (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 100),
    token_hash TEXT NOT NULL UNIQUE,
    registered_by INTEGER NOT NULL REFERENCES user (id),
    created_at TEXT NOT NULL,
    -- The last sign-in by PIN.
    last_used_at TEXT,
    revoked_at TEXT
) STRICT;
CREATE UNIQUE INDEX device_name ON device (name) WHERE revoked_at IS NULL;

-- PINs tried on a device since the person's last sign-in there; at five the person's
-- PIN is locked on every device, until the next sign-in by password.
CREATE TABLE pin_try (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id),
    device_id INTEGER NOT NULL REFERENCES device (id),
    tries INTEGER NOT NULL CHECK (tries BETWEEN 1 AND 5),
    UNIQUE (user_id, device_id)
) STRICT;

-- Sign-ins. Only the SHA-256 of a token is stored.
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES user (id),
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    -- Where it was begun by PIN; NULL = by password.
    device_id INTEGER REFERENCES device (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;
CREATE INDEX session_user ON session (user_id, created_at);
-- What is over, by its time or a sign-out, is marked as such and leaves this index.
CREATE INDEX session_open ON session (user_id, created_at) WHERE revoked_at IS NULL;
CREATE INDEX session_device ON session (device_id) WHERE device_id IS NOT NULL;

-- First answers of unsafe requests that carried an Idempotency-Key, for a day.
CREATE TABLE idempotency (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (user_id, key)
) STRICT;
CREATE INDEX idempotency_created ON idempotency (created_at);

-- Who changed what, when, from which device. Before and after are JSON; when a guest's
-- personal data is erased, entries about the guest are blanked (both together), and
-- those about the guest's stays lose the words that people typed; what a profile said of a document goes earlier where
-- the hotel says so (retention).
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    business_date TEXT NOT NULL,
    user_id INTEGER REFERENCES user (id),
    username TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX audit_log_entity ON audit_log (entity, entity_id, id);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_exception ON audit_log (id) WHERE action = 'exception';
CREATE INDEX audit_log_exception_day ON audit_log (business_date, id) WHERE action = 'exception';
CREATE INDEX audit_log_extended ON audit_log (business_date) WHERE action = 'extend' AND entity = 'reservation';
CREATE INDEX audit_log_username ON audit_log (username, id);
CREATE TRIGGER audit_log_is_append_only_update BEFORE UPDATE ON audit_log
WHEN NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.business_date <> OLD.business_date OR NEW.user_id IS NOT OLD.user_id
    OR NEW.username <> OLD.username OR NEW.address <> OLD.address
    OR NEW.action <> OLD.action OR NEW.entity <> OLD.entity OR NEW.entity_id <> OLD.entity_id
    OR NOT ((NEW.before IS NULL AND NEW.after IS NULL)
        OR (NEW.before IS json_remove(OLD.before, '$.reason', '$.notes', '$.description')
            AND NEW.after IS json_remove(OLD.after, '$.reason', '$.notes', '$.description'))
        OR (NEW.entity = 'guest' AND NEW.before IS json_remove(OLD.before, '$.id_type', '$.id_number')
            AND NEW.after IS json_remove(OLD.after, '$.id_type', '$.id_number')))
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER audit_log_is_append_only_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

-- When alerts about the program and its machine begin, where it differs from the
-- default; percent, megabytes or hours. 0 = never.
CREATE TABLE alert_threshold (
    code TEXT PRIMARY KEY CHECK (code IN ('slow_requests', 'errors', 'disk_space', 'memory', 'backup_age')),
    threshold INTEGER NOT NULL CHECK (threshold BETWEEN 0 AND 1000000000)
) STRICT;

-- Work to be done once (src/jobs): kept until it is done, tried again after a failure, done again
-- where a crash came between. What it was ordered with goes when it is done.
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Of what is done once a day: for which.
    day TEXT,
    args TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(args)),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    last_error TEXT,
    user_id INTEGER REFERENCES user (id),
    username TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at TEXT NOT NULL,
    ended_at TEXT,
    CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'failed'))),
    UNIQUE (kind, day)
) STRICT;
CREATE INDEX job_state ON job (state, not_before);

-- How much of a kind a role may take off one stay, where it differs from the default; NULL = no limit.
CREATE TABLE role_limit (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('allowance', 'discount', 'waived_fee', 'void', 'refund_by_another_method', 'after_the_end', 'complimentary')),
    role TEXT NOT NULL CHECK (role IN ('receptionist', 'manager')),
    amount INTEGER CHECK (amount >= 0),
    UNIQUE (kind, role)
) STRICT;
CREATE TRIGGER limits_are_of_the_currency AFTER UPDATE OF currency ON property WHEN NEW.currency <> OLD.currency BEGIN
    DELETE FROM role_limit WHERE id > 0;
END;

-- The editable lists.
CREATE TABLE booking_source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 100),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
) STRICT;
CREATE TABLE payment_method (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 100),
    -- What moves: only cash goes through a drawer.
    kind TEXT NOT NULL DEFAULT 'other' CHECK (kind IN ('cash', 'card') OR kind IN ('transfer', 'voucher', 'other')),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
) STRICT;

-- Where cash is kept. Into a shared one everybody puts what they take who have no shift of their own.
CREATE TABLE drawer (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 100),
    is_shared INTEGER NOT NULL DEFAULT 1 CHECK (is_shared IN (0, 1)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
-- The time from one count of a drawer to the next, and who answers for it. Once closed it does not change.
CREATE TABLE shift (
    id INTEGER PRIMARY KEY,
    drawer_id INTEGER NOT NULL REFERENCES drawer (id),
    user_id INTEGER NOT NULL REFERENCES user (id),
    business_date TEXT NOT NULL,
    -- What was in the drawer, counted when the shift began.
    float_amount INTEGER NOT NULL CHECK (float_amount >= 0),
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    closed_by INTEGER REFERENCES user (id),
    note TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    -- Nobody closed it where the close of the day did.
    CHECK (closed_by IS NULL OR closed_at IS NOT NULL)
) STRICT;
-- A drawer has one shift at a time, and so has a person.
CREATE UNIQUE INDEX shift_of_drawer ON shift (drawer_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX shift_of_user ON shift (user_id) WHERE closed_at IS NULL;
CREATE INDEX shift_drawer ON shift (drawer_id, id);
CREATE INDEX shift_date ON shift (business_date, id);
CREATE TRIGGER shift_is_kept BEFORE DELETE ON shift BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER shift_is_closed_once BEFORE UPDATE ON shift
WHEN OLD.closed_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.drawer_id <> OLD.drawer_id OR NEW.user_id <> OLD.user_id
    OR NEW.business_date <> OLD.business_date OR NEW.float_amount <> OLD.float_amount OR NEW.opened_at <> OLD.opened_at
BEGIN SELECT RAISE(ABORT, 'shift_is_closed'); END;
-- Cash that came or went beside payments; what goes out is negative.
CREATE TABLE drawer_movement (
    id INTEGER PRIMARY KEY,
    shift_id INTEGER NOT NULL REFERENCES shift (id),
    kind TEXT NOT NULL CHECK (kind IN ('float_in', 'paid_out') OR kind IN ('bank_drop', 'tip_out')),
    -- In minor units of its currency.
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    amount INTEGER NOT NULL CHECK (amount <> 0 AND (kind = 'float_in') = (amount > 0)),
    reason TEXT NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
CREATE INDEX drawer_movement_shift ON drawer_movement (shift_id, id);
CREATE TRIGGER drawer_movement_of_open_shift BEFORE INSERT ON drawer_movement
WHEN (SELECT closed_at FROM shift WHERE id = NEW.shift_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'shift_is_closed'); END;
CREATE TRIGGER drawer_movement_is_append_only_update BEFORE UPDATE ON drawer_movement
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER drawer_movement_is_append_only_delete BEFORE DELETE ON drawer_movement
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
-- What was counted when a shift closed, by currency, in its minor units, and what should have been there.
CREATE TABLE shift_count (
    id INTEGER PRIMARY KEY,
    shift_id INTEGER NOT NULL REFERENCES shift (id),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    expected INTEGER NOT NULL,
    -- NULL = nobody has counted it: the close of the day ended the shift.
    counted INTEGER CHECK (counted >= 0),
    -- How many of which coin or note: a JSON list of pairs, empty where only the sum was typed.
    pieces TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(pieces)),
    UNIQUE (shift_id, currency)
) STRICT;
CREATE TRIGGER shift_count_is_append_only_insert BEFORE INSERT ON shift_count
WHEN (SELECT closed_at FROM shift WHERE id = NEW.shift_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'shift_is_closed'); END;
CREATE TRIGGER shift_count_is_append_only_update BEFORE UPDATE ON shift_count
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER shift_count_is_append_only_delete BEFORE DELETE ON shift_count
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

-- What is sold.
CREATE TABLE room_type (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 100),
    code TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(code) BETWEEN 1 AND 20),
    capacity_adults INTEGER NOT NULL CHECK (capacity_adults BETWEEN 1 AND 50),
    capacity_children INTEGER NOT NULL DEFAULT 0 CHECK (capacity_children BETWEEN 0 AND 50),
    -- Cots that fit into a room, and what one costs a night.
    max_cots INTEGER NOT NULL DEFAULT 1 CHECK (max_cots BETWEEN 0 AND 10),
    cot_rate INTEGER NOT NULL DEFAULT 0 CHECK (cot_rate >= 0),
    bed_config TEXT NOT NULL DEFAULT '',
    default_rate INTEGER NOT NULL CHECK (default_rate >= 0),
    -- How many people a night's price is for; NULL = it is the room's, however many they are. Each adult
    -- more costs the extra, each child what its age does, as 0-3:0,4-11:1000 in minor units; a child in
    -- no band counts as an adult.
    included_persons INTEGER CHECK (included_persons BETWEEN 1 AND 100),
    extra_adult_rate INTEGER NOT NULL DEFAULT 0 CHECK (extra_adult_rate >= 0),
    child_rates TEXT NOT NULL DEFAULT '' CHECK (child_rates NOT GLOB '*[^-0-9:,]*'),
    amenities TEXT NOT NULL DEFAULT '[]',
    sort_order INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (included_persons IS NOT NULL OR (extra_adult_rate = 0 AND child_rates = ''))
) STRICT;

-- The physical unit. Occupancy is derived from in-house stays, never stored;
-- reported_occupancy is what housekeeping saw (a difference is a skip or a sleep).
CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    room_number TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(room_number) BETWEEN 1 AND 20),
    floor INTEGER CHECK (floor BETWEEN -20 AND 200),
    room_type_id INTEGER NOT NULL REFERENCES room_type (id),
    view_type TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    housekeeping TEXT NOT NULL DEFAULT 'clean' CHECK (housekeeping IN ('clean', 'dirty', 'inspected')),
    reported_occupancy TEXT CHECK (reported_occupancy IN ('vacant', 'occupied')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX room_type_rooms ON room (room_type_id, room_number);

-- Dated blocks [start_date, end_date): out_of_order takes the room from inventory
-- (and holds its nights in room_night), out_of_service only warns.
CREATE TABLE room_block (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    kind TEXT NOT NULL CHECK (kind IN ('out_of_order', 'out_of_service')),
    start_date TEXT NOT NULL,
    end_date TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    return_state TEXT NOT NULL DEFAULT 'dirty' CHECK (return_state IN ('clean', 'dirty', 'inspected')),
    created_at TEXT NOT NULL,
    released_at TEXT,
    CHECK (start_date < end_date)
) STRICT;
CREATE INDEX room_block_room ON room_block (room_id, start_date);
CREATE INDEX room_block_open ON room_block (end_date, start_date) WHERE released_at IS NULL;

-- Named price rules. Plan 1 is BAR; a derived plan is an offset from its parent.
CREATE TABLE rate_plan (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(code) BETWEEN 1 AND 20),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    parent_id INTEGER REFERENCES rate_plan (id),
    offset_kind TEXT CHECK (offset_kind IN ('percent', 'amount')),
    -- In hundredths of a percent.
    offset_percent INTEGER NOT NULL DEFAULT 0 CHECK (offset_percent BETWEEN -10000 AND 100000),
    offset_amount INTEGER NOT NULL DEFAULT 0,
    -- Terms of its own; NULL = those of the hotel.
    policy_id INTEGER REFERENCES policy (id),
    -- What its prices end in, and which way they go there; NULL = they stay as they are.
    rounding_to TEXT CHECK (rounding_to IN ('1', '5', '10', '100', '1000', '10000', '0.90', '0.99')),
    rounding_way TEXT CHECK (rounding_way IN ('nearest', 'up', 'down')),
    -- Off each night of a stay of so many nights, and of one booked so many days ahead; in hundredths of a percent.
    long_stay_nights INTEGER CHECK (long_stay_nights BETWEEN 1 AND 400),
    long_stay_percent INTEGER CHECK (long_stay_percent BETWEEN 1 AND 10000),
    advance_days INTEGER CHECK (advance_days BETWEEN 1 AND 1000),
    advance_percent INTEGER CHECK (advance_percent BETWEEN 1 AND 10000),
    -- When it can be booked and for which nights, the last date among them; NULL = without that bound.
    book_from TEXT,
    book_to TEXT,
    stay_from TEXT,
    stay_to TEXT,
    -- Who has the code may book it; empty = everybody.
    promo_code TEXT NOT NULL DEFAULT '' CHECK (length(promo_code) <= 20),
    -- Sold only to companies that it was agreed with.
    is_for_companies INTEGER NOT NULL DEFAULT 0 CHECK (is_for_companies IN (0, 1)),
    -- Sold only to bookings from there; empty = from everywhere.
    source TEXT NOT NULL DEFAULT '' CHECK (length(source) <= 100),
    -- Articles that are sold along with its nights, as JSON, which src/hotel/rates/extras.rs reads and checks.
    extras TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(extras)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((parent_id IS NULL) = (offset_kind IS NULL)),
    CHECK ((rounding_to IS NULL) = (rounding_way IS NULL)),
    CHECK ((long_stay_nights IS NULL) = (long_stay_percent IS NULL)),
    CHECK ((advance_days IS NULL) = (advance_percent IS NULL)),
    CHECK (book_from <= book_to AND stay_from <= stay_to)
) STRICT;
-- A plan goes along with the name of its source.
CREATE TRIGGER rate_plan_source AFTER UPDATE OF name ON booking_source BEGIN
    UPDATE rate_plan SET source = NEW.name WHERE source = OLD.name COLLATE NOCASE;
END;
-- Prices that differ from the type's default rate, a row a night.
CREATE TABLE daily_rate (
    id INTEGER PRIMARY KEY,
    rate_plan_id INTEGER NOT NULL REFERENCES rate_plan (id),
    room_type_id INTEGER NOT NULL REFERENCES room_type (id),
    night TEXT NOT NULL,
    rate INTEGER NOT NULL CHECK (rate >= 0),
    UNIQUE (rate_plan_id, room_type_id, night)
) STRICT;
-- What a stay has to be like to be sold under a plan, a row for each kind on each date of a type. A
-- length in nights, days of advance, or 1 for what is closed and 0 for what is open although the
-- parent's is closed. Without a row the parent's holds; of a stop-sell nobody's is loosened.
CREATE TABLE restriction (
    id INTEGER PRIMARY KEY,
    room_type_id INTEGER NOT NULL REFERENCES room_type (id) ON DELETE CASCADE,
    night TEXT NOT NULL,
    rate_plan_id INTEGER NOT NULL REFERENCES rate_plan (id),
    kind TEXT NOT NULL CHECK (kind IN ('min_stay_arrival', 'max_stay_arrival', 'min_stay_through', 'max_stay_through',
        'is_closed_to_arrival', 'is_closed_to_departure', 'is_stop_sell', 'min_advance_days', 'max_advance_days')),
    value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 1000),
    UNIQUE (room_type_id, night, rate_plan_id, kind)
) STRICT;

CREATE TABLE guest (
    id INTEGER PRIMARY KEY,
    full_name TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    email TEXT NOT NULL DEFAULT '',
    phone_number TEXT NOT NULL DEFAULT '',
    -- The digits of phone_number, and after a space those without country code or
    -- leading 0, for search: +62 812-345 is '62812345 812345'.
    phone_digits TEXT NOT NULL DEFAULT '',
    id_type TEXT NOT NULL DEFAULT '',
    id_number TEXT NOT NULL DEFAULT '',
    nationality TEXT NOT NULL DEFAULT '',
    birth_date TEXT,
    is_vip INTEGER NOT NULL DEFAULT 0 CHECK (is_vip IN (0, 1)),
    notes TEXT NOT NULL DEFAULT '',
    anonymised_at TEXT,
    -- A merged profile points at the one it was folded into and is no longer listed.
    merged_into_id INTEGER REFERENCES guest (id),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX guest_email ON guest (email COLLATE NOCASE) WHERE email <> '';
CREATE INDEX guest_phone ON guest (phone_digits) WHERE phone_digits <> '';
CREATE INDEX guest_name ON guest (full_name COLLATE NOCASE, id) WHERE merged_into_id IS NULL;
CREATE INDEX guest_created ON guest (created_at, id) WHERE merged_into_id IS NULL;
CREATE INDEX guest_vip ON guest (is_vip, created_at, id) WHERE is_vip = 1 AND merged_into_id IS NULL;
CREATE INDEX guest_nationality ON guest (nationality, created_at, id) WHERE merged_into_id IS NULL;
CREATE INDEX guest_merged ON guest (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- Names and notes are in the search indexes as search texts: without capitals, accents and
-- apostrophes, and with each transliteration both ways (src/domain/search_text.rs).
CREATE VIRTUAL TABLE guest_fts USING fts5 (
    full_name, email, phone_digits, notes,
    content = '', columnsize = 0, prefix = '2 3 4 5 6 7 8 9', tokenize = 'unicode61'
);
-- What is taken out of the index is gone at once: an erased name leaves no tombstone.
INSERT INTO guest_fts (guest_fts, rank) VALUES ('secure-delete', 1);
-- The words that names and notes are made of, each once: a part of a word is looked up here, and
-- its words in the other indexes. A name of known words, as most are, adds nothing to it. The word
-- of which the last name or note is gone goes with it.
CREATE TABLE search_word (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
) STRICT;
CREATE VIRTUAL TABLE search_word_fts USING fts5 (
    word, content = 'search_word', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
INSERT INTO search_word_fts (search_word_fts, rank) VALUES ('secure-delete', 1);
-- What the search indexes have still to learn. An index writes all it has gathered
-- to the file at every savepoint, and a statement with triggers is one, which would cost
-- more than the rest of a booking: so the triggers leave their changes here, and the writer
-- hands them on at once for all that is committed together (src/db/search.rs), words and
-- their parts too. Outside of a transaction it is empty.
CREATE TABLE search_change (
    id INTEGER PRIMARY KEY,
    search TEXT NOT NULL CHECK (search IN ('guest', 'open_stay') OR search = 'stay_note'),
    -- The index's command: 'delete' takes words out, NULL adds them.
    command TEXT CHECK (command = 'delete'),
    row_id INTEGER NOT NULL,
    full_name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    phone_digits TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT ''
) STRICT;
-- Merged profiles are not in it.
CREATE TRIGGER guest_search_insert AFTER INSERT ON guest WHEN NEW.merged_into_id IS NULL BEGIN
    INSERT INTO search_change (search, row_id, full_name, email, phone_digits, notes)
    VALUES ('guest', NEW.id, NEW.full_name, NEW.email, NEW.phone_digits, NEW.notes);
END;
CREATE TRIGGER guest_search_update AFTER UPDATE OF full_name, email, phone_digits, notes, merged_into_id ON guest
WHEN NEW.full_name IS NOT OLD.full_name OR NEW.email IS NOT OLD.email OR NEW.phone_digits IS NOT OLD.phone_digits
    OR NEW.notes IS NOT OLD.notes OR (NEW.merged_into_id IS NULL) <> (OLD.merged_into_id IS NULL) BEGIN
    INSERT INTO search_change (search, command, row_id, full_name, email, phone_digits, notes)
        SELECT 'guest', 'delete', OLD.id, OLD.full_name, OLD.email, OLD.phone_digits, OLD.notes WHERE OLD.merged_into_id IS NULL;
    INSERT INTO search_change (search, row_id, full_name, email, phone_digits, notes)
        SELECT 'guest', NEW.id, NEW.full_name, NEW.email, NEW.phone_digits, NEW.notes WHERE NEW.merged_into_id IS NULL;
END;
CREATE TRIGGER guest_search_delete AFTER DELETE ON guest WHEN OLD.merged_into_id IS NULL BEGIN
    INSERT INTO search_change (search, command, row_id, full_name, email, phone_digits, notes)
    VALUES ('guest', 'delete', OLD.id, OLD.full_name, OLD.email, OLD.phone_digits, OLD.notes);
END;

-- A booking. Names shown in lists are copied here and kept true by the triggers
-- below; the five sums are kept by the triggers on nights and postings.
CREATE TABLE reservation (
    id INTEGER PRIMARY KEY,
    confirmation_number TEXT NOT NULL UNIQUE,
    -- The key of an imported booking, so that importing again adds nothing twice.
    external_id TEXT,
    -- What bookings that belong together have in common: the number under which several
    -- rooms were booked; NULL = alone.
    party TEXT CHECK (length(party) BETWEEN 1 AND 100),
    status TEXT NOT NULL
        CHECK (status IN ('tentative', 'confirmed') OR status IN ('checked_in', 'checked_out') OR status IN ('cancelled', 'no_show')),
    guest_id INTEGER NOT NULL REFERENCES guest (id),
    -- The room of the coming night (of the last one, after departure); NULL = unassigned.
    room_id INTEGER REFERENCES room (id),
    room_type_id INTEGER NOT NULL REFERENCES room_type (id),
    check_in_date TEXT NOT NULL CHECK (check_in_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    check_out_date TEXT NOT NULL CHECK (check_out_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    adults INTEGER NOT NULL CHECK (adults >= 0),
    children INTEGER NOT NULL DEFAULT 0 CHECK (children >= 0),
    source TEXT NOT NULL,
    rate_plan_id INTEGER NOT NULL DEFAULT 1 REFERENCES rate_plan (id),
    notes TEXT NOT NULL DEFAULT '',
    special_requests TEXT NOT NULL DEFAULT '',
    is_room_locked INTEGER NOT NULL DEFAULT 0 CHECK (is_room_locked IN (0, 1)),
    -- A day-use stay arrives and departs on one date and takes no night.
    is_day_use INTEGER NOT NULL DEFAULT 0 CHECK (is_day_use IN (0, 1)),
    -- When the guest is expected, HH:MM by the hotel's clock; before six in the morning it is after
    -- midnight of the arrival's night.
    expected_arrival_time TEXT CHECK (expected_arrival_time GLOB '[0-2][0-9]:[0-5][0-9]' AND expected_arrival_time < '24:00'),
    -- "Arrives late, hold the room."
    is_late_arrival INTEGER NOT NULL DEFAULT 0 CHECK (is_late_arrival IN (0, 1)),
    -- Announced to come late, in either way.
    is_expected_late INTEGER GENERATED ALWAYS AS (is_late_arrival = 1 OR coalesce(expected_arrival_time < '06:00', 0)) VIRTUAL,
    -- Until when a tentative booking's room is held for it, that day included; nothing happens by itself.
    option_date TEXT CHECK (option_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    -- Who pays: nobody for a complimentary stay and for house use, for which there is a reason.
    rate_kind TEXT NOT NULL DEFAULT 'paying' CHECK (rate_kind IN ('paying', 'complimentary', 'house_use')),
    rate_kind_reason TEXT NOT NULL DEFAULT '',
    -- How old the children are at arrival, as 4,7: of all or of none.
    children_ages TEXT NOT NULL DEFAULT '' CHECK (children_ages NOT GLOB '*[^0-9,]*'),
    -- Cots in the room.
    cots INTEGER NOT NULL DEFAULT 0 CHECK (cots BETWEEN 0 AND 10),
    -- Whose people stay, or who sent them.
    company_id INTEGER REFERENCES company (id),
    -- The group that it belongs to, and whose block it picks up.
    group_id INTEGER REFERENCES booking_group (id),
    -- The terms that it was made under.
    policy_id INTEGER NOT NULL REFERENCES policy (id),
    -- Denormalised.
    guest_name TEXT NOT NULL,
    guest_email TEXT NOT NULL,
    guest_phone TEXT NOT NULL,
    room_number TEXT,
    room_type_name TEXT NOT NULL,
    -- Sums: of all its nights as booked; of the held nights not yet posted; of its charges; of its payments; of what
    -- came to its folios from elsewhere, less what of its own stands on folios of others.
    room_amount INTEGER NOT NULL DEFAULT 0,
    unposted_amount INTEGER NOT NULL DEFAULT 0,
    charge_amount INTEGER NOT NULL DEFAULT 0,
    paid_amount INTEGER NOT NULL DEFAULT 0,
    moved_amount INTEGER NOT NULL DEFAULT 0,
    -- What its terms ask for before the arrival, and by when; of a stay that has come or ended, what they asked.
    deposit_amount INTEGER NOT NULL DEFAULT 0 CHECK (deposit_amount >= 0),
    deposit_due_date TEXT CHECK (deposit_due_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    balance INTEGER GENERATED ALWAYS AS (unposted_amount + charge_amount + moved_amount - paid_amount) VIRTUAL,
    -- Instants for people, business dates for the rules (undo on the same business date).
    checked_in_at TEXT,
    checked_in_date TEXT,
    checked_out_at TEXT,
    checked_out_date TEXT,
    -- The departure that an early check-out replaced, for its undo.
    planned_check_out_date TEXT,
    cancelled_at TEXT,
    -- The business date on which it was cancelled or marked as a no-show: the night's close does so on the next morning.
    cancelled_on TEXT CHECK ((cancelled_on IS NULL) = (cancelled_at IS NULL)),
    -- The business date on which it was booked; NULL = it came from elsewhere, and created_at says when.
    booked_on TEXT,
    -- Since when it has its rate plan, where that was changed: a discount for booking early counts from then.
    plan_since TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (check_in_date < check_out_date OR (is_day_use = 1 AND check_in_date = check_out_date)),
    CHECK ((rate_kind = 'paying') = (rate_kind_reason = '')),
    CHECK (children_ages = '' OR children = 1 + length(children_ages) - length(replace(children_ages, ',', ''))),
    CHECK (option_date IS NULL OR status = 'tentative' OR status = 'cancelled'),
    CHECK ((deposit_amount = 0) = (deposit_due_date IS NULL)),
    CHECK (adults + children >= 1)
) STRICT;
CREATE UNIQUE INDEX reservation_external_id ON reservation (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX reservation_party ON reservation (party) WHERE party IS NOT NULL;
CREATE INDEX reservation_dates ON reservation (check_in_date, check_out_date);
CREATE INDEX reservation_departure ON reservation (check_out_date, check_in_date);
CREATE INDEX reservation_guest ON reservation (guest_id, check_in_date);
CREATE INDEX reservation_room ON reservation (room_id, check_in_date);
CREATE INDEX reservation_room_type ON reservation (room_type_id, created_at, id);
CREATE INDEX reservation_status ON reservation (status, created_at, id);
CREATE INDEX reservation_status_arrival ON reservation (status, check_in_date, check_out_date, id);
CREATE INDEX reservation_not_paying ON reservation (check_in_date) WHERE rate_kind <> 'paying';
CREATE INDEX reservation_option ON reservation (option_date) WHERE status = 'tentative' AND option_date IS NOT NULL;
CREATE INDEX reservation_deposit ON reservation (deposit_due_date)
    WHERE deposit_amount > paid_amount AND status IN ('tentative', 'confirmed');
CREATE INDEX reservation_given_up ON reservation (cancelled_at) WHERE cancelled_at IS NOT NULL;
CREATE INDEX reservation_given_up_on ON reservation (cancelled_on) WHERE cancelled_on IS NOT NULL;
CREATE INDEX reservation_in_house ON reservation (room_id, check_out_date) WHERE status = 'checked_in';
CREATE INDEX reservation_created ON reservation (created_at, id);
CREATE INDEX reservation_booked ON reservation (booked_on) WHERE booked_on IS NOT NULL;
CREATE INDEX reservation_source ON reservation (source, created_at, id);
CREATE INDEX reservation_guest_name ON reservation (guest_name COLLATE NOCASE, id);
CREATE INDEX reservation_company ON reservation (company_id, created_at, id) WHERE company_id IS NOT NULL;
CREATE INDEX reservation_group ON reservation (group_id, check_in_date, id) WHERE group_id IS NOT NULL;
CREATE INDEX reservation_cots ON reservation (id) WHERE cots > 0 AND status IN ('tentative', 'confirmed', 'checked_in');
CREATE INDEX reservation_balance_due ON reservation (created_at, id) WHERE balance > 0;

-- What guests who are here or have left still owe: the dashboard's balance due in one look-up.
CREATE TABLE running_total (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (name IN ('balance_due')),
    amount INTEGER NOT NULL
) STRICT;
INSERT INTO running_total (name, amount) VALUES ('balance_due', 0);
CREATE TRIGGER reservation_due_insert AFTER INSERT ON reservation
WHEN NEW.status IN ('checked_in', 'checked_out') AND NEW.balance > 0 BEGIN
    UPDATE running_total SET amount = amount + NEW.balance WHERE name = 'balance_due';
END;
CREATE TRIGGER reservation_due_update AFTER UPDATE OF status, unposted_amount, charge_amount, paid_amount, moved_amount ON reservation
WHEN (OLD.status IN ('checked_in', 'checked_out') OR NEW.status IN ('checked_in', 'checked_out'))
    AND (OLD.balance <> NEW.balance OR OLD.status <> NEW.status) BEGIN
    UPDATE running_total SET amount = amount
        - CASE WHEN OLD.status IN ('checked_in', 'checked_out') AND OLD.balance > 0 THEN OLD.balance ELSE 0 END
        + CASE WHEN NEW.status IN ('checked_in', 'checked_out') AND NEW.balance > 0 THEN NEW.balance ELSE 0 END
    WHERE name = 'balance_due';
END;

-- Full-text search over the guests of stays that are to come or going on: however
-- many guests of a name have been here, whoever is expected is found first.
CREATE VIRTUAL TABLE open_stay_fts USING fts5 (
    full_name, email, phone_digits,
    content = '', columnsize = 0, prefix = '2 3 4 5 6 7 8 9', tokenize = 'unicode61'
);
INSERT INTO open_stay_fts (open_stay_fts, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER open_stay_search_insert AFTER INSERT ON reservation WHEN NEW.status IN ('tentative', 'confirmed') OR NEW.status = 'checked_in' BEGIN
    INSERT INTO search_change (search, row_id, full_name, email, phone_digits)
        SELECT 'open_stay', NEW.id, full_name, email, phone_digits FROM guest WHERE id = NEW.guest_id;
END;
CREATE TRIGGER open_stay_search_update AFTER UPDATE OF status, guest_id ON reservation
WHEN OLD.guest_id <> NEW.guest_id
    OR (OLD.status IN ('tentative', 'confirmed', 'checked_in')) <> (NEW.status IN ('tentative', 'confirmed', 'checked_in')) BEGIN
    INSERT INTO search_change (search, command, row_id, full_name, email, phone_digits)
        SELECT 'open_stay', 'delete', OLD.id, full_name, email, phone_digits FROM guest
        WHERE id = OLD.guest_id AND OLD.status IN ('tentative', 'confirmed', 'checked_in');
    INSERT INTO search_change (search, row_id, full_name, email, phone_digits)
        SELECT 'open_stay', NEW.id, full_name, email, phone_digits FROM guest
        WHERE id = NEW.guest_id AND NEW.status IN ('tentative', 'confirmed', 'checked_in');
END;
CREATE TRIGGER open_stay_search_rename AFTER UPDATE OF full_name, email, phone_digits ON guest
WHEN NEW.full_name IS NOT OLD.full_name OR NEW.email IS NOT OLD.email OR NEW.phone_digits IS NOT OLD.phone_digits BEGIN
    INSERT INTO search_change (search, command, row_id, full_name, email, phone_digits)
        SELECT 'open_stay', 'delete', id, OLD.full_name, OLD.email, OLD.phone_digits FROM reservation
        WHERE guest_id = NEW.id AND status IN ('tentative', 'confirmed', 'checked_in');
    INSERT INTO search_change (search, row_id, full_name, email, phone_digits)
        SELECT 'open_stay', id, NEW.full_name, NEW.email, NEW.phone_digits FROM reservation
        WHERE guest_id = NEW.id AND status IN ('tentative', 'confirmed', 'checked_in');
END;

-- Full-text search over what is noted on bookings, past ones too.
CREATE VIRTUAL TABLE stay_note_fts USING fts5 (
    notes, content = '', columnsize = 0, prefix = '2 3 4', tokenize = 'unicode61'
);
INSERT INTO stay_note_fts (stay_note_fts, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER stay_note_search_insert AFTER INSERT ON reservation WHEN NEW.notes <> '' OR NEW.special_requests <> '' BEGIN
    INSERT INTO search_change (search, row_id, notes) VALUES ('stay_note', NEW.id, NEW.notes || ' ' || NEW.special_requests);
END;
CREATE TRIGGER stay_note_search_update AFTER UPDATE OF notes, special_requests ON reservation
WHEN NEW.notes IS NOT OLD.notes OR NEW.special_requests IS NOT OLD.special_requests BEGIN
    INSERT INTO search_change (search, command, row_id, notes)
        SELECT 'stay_note', 'delete', OLD.id, OLD.notes || ' ' || OLD.special_requests WHERE OLD.notes <> '' OR OLD.special_requests <> '';
    INSERT INTO search_change (search, row_id, notes)
        SELECT 'stay_note', NEW.id, NEW.notes || ' ' || NEW.special_requests WHERE NEW.notes <> '' OR NEW.special_requests <> '';
END;

-- One row a (reservation, night): the room, the price and the guests of that night.
-- is_held goes to 0 when a cancellation or a no-show releases the night.
CREATE TABLE reservation_night (
    id INTEGER PRIMARY KEY,
    reservation_id INTEGER NOT NULL REFERENCES reservation (id),
    night TEXT NOT NULL CHECK (night GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    kind TEXT NOT NULL DEFAULT 'night' CHECK (kind IN ('night', 'day_use')),
    room_type_id INTEGER NOT NULL REFERENCES room_type (id),
    room_id INTEGER REFERENCES room (id),
    rate INTEGER NOT NULL CHECK (rate >= 0),
    is_rate_typed INTEGER NOT NULL DEFAULT 0 CHECK (is_rate_typed IN (0, 1)),
    -- The price by the rates when the night got its price, with what people and dates that changed since make of
    -- it: what was agreed lies below it by the discount.
    quoted_rate INTEGER NOT NULL DEFAULT 0 CHECK (quoted_rate >= 0),
    adults INTEGER NOT NULL,
    children INTEGER NOT NULL,
    -- Extras, taxes and levies that come on top of the price; reckoned anew until the night is posted.
    added_amount INTEGER NOT NULL DEFAULT 0,
    -- Articles that were agreed along with the night, as JSON, which src/domain/extras.rs reads.
    extras TEXT NOT NULL DEFAULT '[]',
    is_held INTEGER NOT NULL DEFAULT 1 CHECK (is_held IN (0, 1)),
    is_posted INTEGER NOT NULL DEFAULT 0 CHECK (is_posted IN (0, 1)),
    UNIQUE (reservation_id, night)
) STRICT;
CREATE INDEX reservation_night_sold ON reservation_night (night, kind, rate, reservation_id) WHERE is_held = 1;
CREATE INDEX reservation_night_unassigned ON reservation_night (night, room_type_id)
    WHERE is_held = 1 AND room_id IS NULL AND kind = 'night';

-- The nights of each room that are taken, by a stay or by an out-of-order block.
-- Its key makes a double booking impossible, whatever the code above does.
CREATE TABLE room_night (
    night TEXT NOT NULL,
    room_id INTEGER NOT NULL REFERENCES room (id),
    reservation_id INTEGER REFERENCES reservation (id),
    block_id INTEGER REFERENCES room_block (id),
    PRIMARY KEY (night, room_id),
    CHECK ((reservation_id IS NULL) <> (block_id IS NULL))
) STRICT, WITHOUT ROWID;
-- The same for day use: one day guest a room and date, until the day is on the bill:
-- who has paid and gone leaves the room to the next.
CREATE TABLE room_day (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    room_id INTEGER NOT NULL REFERENCES room (id),
    reservation_id INTEGER NOT NULL REFERENCES reservation (id),
    UNIQUE (day, room_id)
) STRICT;
CREATE INDEX room_day_reservation ON room_day (reservation_id);

-- room_night follows reservation_night: nobody writes a stay's room nights by hand.
CREATE TRIGGER reservation_night_takes_room_insert AFTER INSERT ON reservation_night
WHEN NEW.is_held = 1 AND NEW.room_id IS NOT NULL AND NEW.kind = 'night' BEGIN
    INSERT INTO room_night (night, room_id, reservation_id) VALUES (NEW.night, NEW.room_id, NEW.reservation_id);
END;
CREATE TRIGGER reservation_night_takes_day_insert AFTER INSERT ON reservation_night
WHEN NEW.is_held = 1 AND NEW.room_id IS NOT NULL AND NEW.kind = 'day_use' AND NEW.is_posted = 0 BEGIN
    INSERT INTO room_day (day, room_id, reservation_id) VALUES (NEW.night, NEW.room_id, NEW.reservation_id);
END;
CREATE TRIGGER reservation_night_frees_room_update AFTER UPDATE OF is_held, room_id, night, kind, is_posted ON reservation_night
WHEN OLD.is_held = 1 AND OLD.room_id IS NOT NULL
    AND (NEW.is_held = 0 OR NEW.room_id IS NOT OLD.room_id OR NEW.night <> OLD.night OR NEW.kind <> OLD.kind
        OR (OLD.kind = 'day_use' AND NEW.is_posted = 1)) BEGIN
    DELETE FROM room_night WHERE OLD.kind = 'night' AND night = OLD.night AND room_id = OLD.room_id AND reservation_id = OLD.reservation_id;
    DELETE FROM room_day WHERE OLD.kind = 'day_use' AND day = OLD.night AND room_id = OLD.room_id AND reservation_id = OLD.reservation_id;
END;
CREATE TRIGGER reservation_night_takes_room_update AFTER UPDATE OF is_held, room_id, night, kind, is_posted ON reservation_night
WHEN NEW.is_held = 1 AND NEW.room_id IS NOT NULL
    AND (OLD.is_held = 0 OR NEW.room_id IS NOT OLD.room_id OR NEW.night <> OLD.night OR NEW.kind <> OLD.kind
        OR (NEW.kind = 'day_use' AND NEW.is_posted <> OLD.is_posted)) BEGIN
    -- Freed first here too, since SQLite does not promise an order between triggers.
    DELETE FROM room_night WHERE OLD.kind = 'night' AND night = OLD.night AND room_id = OLD.room_id AND reservation_id = OLD.reservation_id;
    DELETE FROM room_day WHERE OLD.kind = 'day_use' AND day = OLD.night AND room_id = OLD.room_id AND reservation_id = OLD.reservation_id;
    INSERT INTO room_night (night, room_id, reservation_id) SELECT NEW.night, NEW.room_id, NEW.reservation_id WHERE NEW.kind = 'night';
    INSERT INTO room_day (day, room_id, reservation_id) SELECT NEW.night, NEW.room_id, NEW.reservation_id
        WHERE NEW.kind = 'day_use' AND NEW.is_posted = 0;
END;
CREATE TRIGGER reservation_night_frees_room_delete AFTER DELETE ON reservation_night
WHEN OLD.is_held = 1 AND OLD.room_id IS NOT NULL BEGIN
    DELETE FROM room_night WHERE OLD.kind = 'night' AND night = OLD.night AND room_id = OLD.room_id AND reservation_id = OLD.reservation_id;
    DELETE FROM room_day WHERE OLD.kind = 'day_use' AND day = OLD.night AND room_id = OLD.room_id AND reservation_id = OLD.reservation_id;
END;

-- The reservation's sums over its nights.
CREATE TRIGGER reservation_night_sum_insert AFTER INSERT ON reservation_night BEGIN
    UPDATE reservation SET
        room_amount = room_amount + NEW.rate,
        unposted_amount = unposted_amount + CASE WHEN NEW.is_held = 1 AND NEW.is_posted = 0 THEN NEW.rate + NEW.added_amount ELSE 0 END
    WHERE id = NEW.reservation_id;
END;
CREATE TRIGGER reservation_night_sum_update AFTER UPDATE OF rate, added_amount, is_held, is_posted ON reservation_night BEGIN
    UPDATE reservation SET
        room_amount = room_amount - OLD.rate + NEW.rate,
        unposted_amount = unposted_amount
            - CASE WHEN OLD.is_held = 1 AND OLD.is_posted = 0 THEN OLD.rate + OLD.added_amount ELSE 0 END
            + CASE WHEN NEW.is_held = 1 AND NEW.is_posted = 0 THEN NEW.rate + NEW.added_amount ELSE 0 END
    WHERE id = NEW.reservation_id;
END;
CREATE TRIGGER reservation_night_sum_delete AFTER DELETE ON reservation_night BEGIN
    UPDATE reservation SET
        room_amount = room_amount - OLD.rate,
        unposted_amount = unposted_amount - CASE WHEN OLD.is_held = 1 AND OLD.is_posted = 0 THEN OLD.rate + OLD.added_amount ELSE 0 END
    WHERE id = OLD.reservation_id;
END;

-- The last move or extension of a stay that nothing has followed, with the stay as it was before:
-- what its undo goes back to.
CREATE TABLE last_step (
    reservation_id INTEGER PRIMARY KEY REFERENCES reservation (id),
    kind TEXT NOT NULL CHECK (kind IN ('move', 'extend', 'change')),
    business_date TEXT NOT NULL,
    room_id INTEGER,
    room_type_id INTEGER NOT NULL,
    check_in_date TEXT NOT NULL,
    check_out_date TEXT NOT NULL
) STRICT;
CREATE TABLE last_step_night (
    reservation_id INTEGER NOT NULL REFERENCES last_step (reservation_id) ON DELETE CASCADE,
    night TEXT NOT NULL,
    room_id INTEGER,
    room_type_id INTEGER NOT NULL,
    rate INTEGER NOT NULL,
    is_rate_typed INTEGER NOT NULL CHECK (is_rate_typed IN (0, 1)),
    quoted_rate INTEGER NOT NULL,
    extras TEXT NOT NULL,
    PRIMARY KEY (reservation_id, night)
) STRICT;

-- The people of a stay, one row a person, children too. The booking's adults and children are
-- what was asked for; these are who came. Without a first row the head is known by the profile.
CREATE TABLE stay_guest (
    id INTEGER PRIMARY KEY,
    reservation_id INTEGER NOT NULL REFERENCES reservation (id),
    -- The order on the card; 1 = the head, the guest of the booking.
    position INTEGER NOT NULL CHECK (position >= 1),
    -- The person's own profile, where there is one.
    guest_id INTEGER REFERENCES guest (id),
    full_name TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    -- What the person is to the head.
    relation TEXT CHECK (relation IN ('spouse', 'child', 'parent', 'relative', 'friend', 'colleague', 'other')),
    sex TEXT CHECK (sex IN ('female', 'male', 'other')),
    birth_date TEXT,
    birth_place TEXT NOT NULL DEFAULT '',
    nationality TEXT NOT NULL DEFAULT '',
    -- The country lived in.
    residence TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    document_kind TEXT NOT NULL DEFAULT '',
    document_number TEXT NOT NULL DEFAULT '',
    document_issued_in TEXT NOT NULL DEFAULT '',
    document_issued_on TEXT,
    -- Why the person pays no city tax; empty = pays as the others.
    levy_exemption TEXT NOT NULL DEFAULT '' CHECK (length(levy_exemption) <= 200),
    -- The business date on which the authority was told of the person.
    sent_on TEXT,
    UNIQUE (reservation_id, position)
) STRICT;
CREATE INDEX stay_guest_profile ON stay_guest (guest_id) WHERE guest_id IS NOT NULL;
-- What was sent is no longer what is known.
CREATE TRIGGER stay_guest_sent AFTER UPDATE OF full_name, sex, birth_date, birth_place, nationality, residence, address, document_kind,
    document_number, document_issued_in, document_issued_on ON stay_guest
WHEN NEW.sent_on IS NOT NULL AND (NEW.full_name <> OLD.full_name OR NEW.sex IS NOT OLD.sex OR NEW.birth_date IS NOT OLD.birth_date
    OR NEW.birth_place <> OLD.birth_place OR NEW.nationality <> OLD.nationality OR NEW.residence <> OLD.residence OR NEW.address <> OLD.address
    OR NEW.document_kind <> OLD.document_kind OR NEW.document_number <> OLD.document_number OR NEW.document_issued_in <> OLD.document_issued_in
    OR NEW.document_issued_on IS NOT OLD.document_issued_on) BEGIN
    UPDATE stay_guest SET sent_on = NULL WHERE id = NEW.id;
END;
-- Which country's rules say who has to be registered; empty = none.
CREATE TABLE registration_setup (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    country TEXT NOT NULL DEFAULT '' CHECK (length(country) <= 2),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO registration_setup (id) VALUES (1);

-- Another guest of the booking is another head.
CREATE TRIGGER stay_guest_head AFTER UPDATE OF guest_id ON reservation WHEN NEW.guest_id <> OLD.guest_id BEGIN
    DELETE FROM stay_guest WHERE reservation_id = NEW.id AND position = 1 AND guest_id <> NEW.guest_id;
END;

-- Whom bookings come from beside guests: companies whose people stay, agents who send them.
CREATE TABLE company (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 200),
    kind TEXT NOT NULL DEFAULT 'company' CHECK (kind IN ('company', 'agent')),
    -- Managers have agreed that it pays later: what goes to its account needs no entry on the owner's list.
    has_account INTEGER NOT NULL DEFAULT 0 CHECK (has_account IN (0, 1)),
    -- VAT number, NPWP: as invoices show it.
    tax_number TEXT NOT NULL DEFAULT '' CHECK (length(tax_number) <= 50),
    -- The street; town and country stand apart, as e-invoices have them.
    address TEXT NOT NULL DEFAULT '' CHECK (length(address) <= 500),
    city TEXT NOT NULL DEFAULT '' CHECK (length(city) <= 100),
    postal_code TEXT NOT NULL DEFAULT '' CHECK (length(postal_code) <= 20),
    region TEXT NOT NULL DEFAULT '' CHECK (length(region) <= 100),
    -- ISO 3166-1, two letters; empty = not said.
    country TEXT NOT NULL DEFAULT '' CHECK (length(country) <= 2),
    -- In the register of companies.
    registration_number TEXT NOT NULL DEFAULT '' CHECK (length(registration_number) <= 50),
    -- Where e-invoices for it go: a scheme of the Peppol network, and the number in it.
    electronic_scheme TEXT NOT NULL DEFAULT '' CHECK (length(electronic_scheme) <= 4),
    electronic_address TEXT NOT NULL DEFAULT '' CHECK (length(electronic_address) <= 50),
    contact_name TEXT NOT NULL DEFAULT '' CHECK (length(contact_name) <= 200),
    email TEXT NOT NULL DEFAULT '' CHECK (length(email) <= 254),
    phone_number TEXT NOT NULL DEFAULT '' CHECK (length(phone_number) <= 50),
    notes TEXT NOT NULL DEFAULT '' CHECK (length(notes) <= 5000),
    -- What it may owe on its account at most; NULL = no limit.
    credit_limit INTEGER CHECK (credit_limit >= 0),
    -- How many days after it was charged what it owes is due.
    -- NULL = as invoices say for every company.
    terms_days INTEGER CHECK (terms_days BETWEEN 0 AND 365),
    -- Whether it is reminded of what is overdue.
    is_reminded INTEGER NOT NULL DEFAULT 1 CHECK (is_reminded IN (0, 1)),
    -- Of an agent: its share of the net room revenue of the stays it sent, in hundredths of a percent.
    commission_percent INTEGER NOT NULL DEFAULT 0 CHECK (commission_percent BETWEEN 0 AND 10000),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
-- The plans that were agreed with a company. A plan that is for companies is sold to these alone.
CREATE TABLE company_plan (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES company (id) ON DELETE CASCADE,
    rate_plan_id INTEGER NOT NULL REFERENCES rate_plan (id),
    UNIQUE (company_id, rate_plan_id)
) STRICT;
CREATE INDEX company_plan_plan ON company_plan (rate_plan_id);
-- Rooms that are booked under one name: a wedding, a tour, a team.
CREATE TABLE booking_group (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(code) BETWEEN 1 AND 20),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    status TEXT NOT NULL CHECK (status IN ('tentative', 'definite') OR status IN ('cancelled', 'ended')),
    arrival_date TEXT NOT NULL,
    departure_date TEXT NOT NULL,
    -- Until when its block is held, that day included.
    cut_off_date TEXT NOT NULL,
    -- The business date on which what nobody had picked up went back on sale.
    released_on TEXT,
    -- Whom one talks to, and whose people they are.
    guest_id INTEGER REFERENCES guest (id),
    company_id INTEGER REFERENCES company (id),
    rate_plan_id INTEGER NOT NULL DEFAULT 1 REFERENCES rate_plan (id),
    notes TEXT NOT NULL DEFAULT '' CHECK (length(notes) <= 5000),
    created_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (arrival_date < departure_date)
) STRICT;
CREATE INDEX booking_group_cut_off ON booking_group (cut_off_date) WHERE released_on IS NULL AND status IN ('tentative', 'definite');
CREATE INDEX booking_group_guest ON booking_group (guest_id) WHERE guest_id IS NOT NULL;
-- The contact goes along when a profile is folded into another.
CREATE TRIGGER booking_group_contact AFTER UPDATE OF merged_into_id ON guest WHEN NEW.merged_into_id IS NOT NULL BEGIN
    UPDATE booking_group SET guest_id = NEW.merged_into_id WHERE guest_id = NEW.id;
END;
-- What was agreed for a night of a type; without a row the rate plan's price holds.
CREATE TABLE group_rate (
    id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES booking_group (id),
    room_type_id INTEGER NOT NULL REFERENCES room_type (id),
    rate INTEGER NOT NULL CHECK (rate >= 0),
    UNIQUE (group_id, room_type_id)
) STRICT;
-- The block: how many rooms of a type a group has asked for on a night. Those that its stays have not picked up
-- are kept from sale as long as the row is held.
CREATE TABLE group_night (
    id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES booking_group (id),
    room_type_id INTEGER NOT NULL REFERENCES room_type (id),
    night TEXT NOT NULL,
    rooms INTEGER NOT NULL CHECK (rooms BETWEEN 0 AND 1000),
    is_held INTEGER NOT NULL DEFAULT 1 CHECK (is_held IN (0, 1)),
    UNIQUE (group_id, room_type_id, night)
) STRICT;
CREATE INDEX group_rate_type ON group_rate (room_type_id);
CREATE INDEX group_night_type ON group_night (room_type_id);
CREATE INDEX group_night_held ON group_night (night, room_type_id) WHERE is_held = 1;

-- What is levied: one row a hotel, once it says so. What a tax, a group or a levy is in all detail stands
-- in its definition, as JSON, which src/hotel/taxes/setup.rs reads and checks.
CREATE TABLE tax_setup (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Rounding, country, and which group rooms, extras and fees belong to.
    definition TEXT NOT NULL CHECK (json_valid(definition)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE tax_group (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    definition TEXT NOT NULL CHECK (json_valid(definition))
) STRICT;
CREATE TABLE tax (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    definition TEXT NOT NULL CHECK (json_valid(definition))
) STRICT;
CREATE TABLE levy (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    definition TEXT NOT NULL CHECK (json_valid(definition))
) STRICT;

-- The bill of one payer: of a stay (the guest's is window 1), a company, a group, or of the
-- house. It is made with its first posting; further windows of a stay and house accounts when they are opened.
CREATE TABLE folio (
    id INTEGER PRIMARY KEY,
    -- 'security' is one folio for what all guests left as a security; each posting names its stay.
    kind TEXT NOT NULL CHECK (kind IN ('stay', 'company') OR kind IN ('group', 'house') OR kind = 'security'),
    reservation_id INTEGER REFERENCES reservation (id),
    company_id INTEGER REFERENCES company (id),
    group_id INTEGER REFERENCES booking_group (id),
    window INTEGER NOT NULL DEFAULT 1 CHECK (window BETWEEN 1 AND 9),
    -- Who pays a further window of a stay, a company or somebody by name; what a house account is called.
    payer_company_id INTEGER REFERENCES company (id),
    payer_name TEXT NOT NULL DEFAULT '' CHECK (length(payer_name) <= 200),
    -- Takes nothing any more until it is opened again.
    is_closed INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    -- The sum of its postings, kept by their trigger.
    balance INTEGER NOT NULL DEFAULT 0,
    CHECK ((kind = 'stay') = (reservation_id IS NOT NULL)),
    CHECK ((kind = 'company') = (company_id IS NOT NULL)),
    CHECK ((kind = 'group') = (group_id IS NOT NULL)),
    CHECK (kind = 'stay' OR window = 1),
    CHECK ((payer_company_id IS NULL AND payer_name = '') OR (kind = 'stay' AND window > 1) OR (kind = 'house' AND payer_company_id IS NULL)),
    CHECK (kind <> 'house' OR payer_name <> '')
) STRICT;
CREATE UNIQUE INDEX folio_stay ON folio (reservation_id, window) WHERE reservation_id IS NOT NULL;
CREATE UNIQUE INDEX folio_company ON folio (company_id) WHERE company_id IS NOT NULL;
CREATE UNIQUE INDEX folio_group ON folio (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX folio_payer ON folio (payer_company_id) WHERE payer_company_id IS NOT NULL;
CREATE INDEX folio_house ON folio (payer_name) WHERE kind = 'house';
-- Bills that are open: few beside those that are settled.
CREATE INDEX folio_open ON folio (kind, balance, reservation_id) WHERE balance <> 0;
CREATE UNIQUE INDEX folio_security ON folio (kind) WHERE kind = 'security';

-- Who pays what of a stay from the start: rules of a stay, and those that a company or a group has for its stays.
CREATE TABLE routing_rule (
    id INTEGER PRIMARY KEY,
    reservation_id INTEGER REFERENCES reservation (id),
    company_id INTEGER REFERENCES company (id),
    group_id INTEGER REFERENCES booking_group (id),
    -- The first that fits decides.
    position INTEGER NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('all', 'room') OR what IN ('extras', 'levies') OR what = 'articles'),
    article_ids TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(article_ids)),
    -- Of the night, else of the business date; both included.
    from_date TEXT CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    to_date TEXT CHECK (to_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    limit_amount INTEGER CHECK (limit_amount > 0),
    target TEXT NOT NULL CHECK (target IN ('window', 'group')),
    -- NULL of a company's rules: the window that it pays.
    window INTEGER CHECK (window > 1),
    CHECK ((reservation_id IS NOT NULL) + (company_id IS NOT NULL) + (group_id IS NOT NULL) = 1),
    CHECK ((window IS NOT NULL) = (reservation_id IS NOT NULL AND target = 'window'))
) STRICT;
CREATE INDEX routing_rule_stay ON routing_rule (reservation_id, position) WHERE reservation_id IS NOT NULL;
CREATE INDEX routing_rule_company ON routing_rule (company_id, position) WHERE company_id IS NOT NULL;
CREATE INDEX routing_rule_group ON routing_rule (group_id, position) WHERE group_id IS NOT NULL;
-- Whoever books for a company that pays something has its folio and its rules, by whatever way.
CREATE TRIGGER reservation_routing_insert AFTER INSERT ON reservation
WHEN NEW.company_id IS NOT NULL AND EXISTS (SELECT 1 FROM routing_rule WHERE company_id = NEW.company_id) BEGIN
    INSERT INTO folio (kind, reservation_id, window, payer_company_id) VALUES ('stay', NEW.id, 2, NEW.company_id);
    INSERT INTO routing_rule (reservation_id, position, what, article_ids, from_date, to_date, limit_amount, target, window)
        SELECT NEW.id, position, what, article_ids, from_date, to_date, limit_amount, 'window', 2
        FROM routing_rule WHERE company_id = NEW.company_id;
END;
CREATE TRIGGER reservation_routing_update AFTER UPDATE OF company_id ON reservation
WHEN NEW.company_id IS NOT NULL AND NEW.company_id IS NOT OLD.company_id
    AND NEW.status IN ('tentative', 'confirmed', 'checked_in')
    AND EXISTS (SELECT 1 FROM routing_rule WHERE company_id = NEW.company_id)
    AND NOT EXISTS (SELECT 1 FROM routing_rule WHERE reservation_id = NEW.id)
    AND NOT EXISTS (SELECT 1 FROM folio WHERE reservation_id = NEW.id AND window = 2) BEGIN
    INSERT INTO folio (kind, reservation_id, window, payer_company_id) VALUES ('stay', NEW.id, 2, NEW.company_id);
    INSERT INTO routing_rule (reservation_id, position, what, article_ids, from_date, to_date, limit_amount, target, window)
        SELECT NEW.id, position, what, article_ids, from_date, to_date, limit_amount, 'window', 2
        FROM routing_rule WHERE company_id = NEW.company_id;
END;

-- Whoever joins a group has what it pays, before anything else; whoever leaves it has it no more.
CREATE TRIGGER reservation_joins_group AFTER INSERT ON reservation
WHEN NEW.group_id IS NOT NULL AND EXISTS (SELECT 1 FROM routing_rule WHERE group_id = NEW.group_id) BEGIN
    INSERT INTO routing_rule (reservation_id, position, what, article_ids, from_date, to_date, limit_amount, target)
        SELECT NEW.id, position - 100, what, article_ids, from_date, to_date, limit_amount, 'group'
        FROM routing_rule WHERE group_id = NEW.group_id;
END;
CREATE TRIGGER reservation_changes_group AFTER UPDATE OF group_id ON reservation WHEN NEW.group_id IS NOT OLD.group_id BEGIN
    DELETE FROM routing_rule WHERE reservation_id = NEW.id AND target = 'group';
    INSERT INTO routing_rule (reservation_id, position, what, article_ids, from_date, to_date, limit_amount, target)
        SELECT NEW.id, position - 100, what, article_ids, from_date, to_date, limit_amount, 'group'
        FROM routing_rule WHERE group_id = NEW.group_id;
END;

-- What is posted, by its kind. The hotel's workflows know theirs by their codes; those with a name are
-- what the hotel sells beside its rooms.
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    code TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 20),
    kind TEXT NOT NULL
        CHECK (kind IN ('room', 'extra', 'adjustment', 'allowance', 'cancellation_fee', 'no_show_fee', 'levy', 'money', 'transfer',
            'rounding', 'tip', 'voucher', 'reminder_fee')),
    name TEXT COLLATE NOCASE UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    -- What one costs; NULL = it is typed each time.
    price INTEGER CHECK (price > 0),
    -- NULL = as extras are taxed.
    tax_group_id INTEGER REFERENCES tax_group (id),
    is_favourite INTEGER NOT NULL DEFAULT 0 CHECK (is_favourite IN (0, 1)),
    -- Reports count it as food and drink.
    is_food INTEGER NOT NULL DEFAULT 0 CHECK (is_food IN (0, 1)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((code IS NULL) = (name IS NOT NULL)),
    CHECK (code IS NOT NULL OR kind = 'extra')
) STRICT;
INSERT INTO article (id, code, kind) VALUES (1, 'room', 'room'), (2, 'extra', 'extra'), (3, 'adjustment', 'adjustment'),
    (4, 'allowance', 'allowance'), (5, 'cancellation_fee', 'cancellation_fee'), (6, 'no_show_fee', 'no_show_fee'),
    (7, 'money', 'money'), (8, 'deposit', 'transfer'), (9, 'levy', 'levy'), (10, 'rounding', 'rounding'), (11, 'tip', 'tip'),
    (12, 'voucher', 'voucher');
-- Ids 10 and up are the hotel's own articles'; what was added to the workflows' later stands below zero.
INSERT INTO article (id, code, kind) VALUES (-1, 'transfer', 'transfer'), (-2, 'reminder_fee', 'reminder_fee');
CREATE INDEX article_tax_group ON article (tax_group_id) WHERE tax_group_id IS NOT NULL;

-- The accounts that a bookkeeper has for articles, payment methods, taxes, levies and ledgers, where they are others than usual.
CREATE TABLE account_code (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('ledger', 'method') OR kind IN ('article', 'tax', 'levy')),
    -- An id, a method's name, a ledger's or an article's word.
    key TEXT NOT NULL,
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 20),
    UNIQUE (kind, key)
) STRICT;
-- A method that is called otherwise keeps its account; what was paid under the old name, too.
CREATE TRIGGER account_code_of_renamed_method AFTER UPDATE OF name ON payment_method WHEN NEW.name <> OLD.name BEGIN
    INSERT OR IGNORE INTO account_code (kind, key, code) SELECT kind, NEW.name, code FROM account_code WHERE kind = 'method' AND key = OLD.name;
END;

-- Reports as somebody wants to see them again. What is asked of the report stands as in its address.
CREATE TABLE report_view (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    report TEXT NOT NULL,
    query TEXT NOT NULL DEFAULT '' CHECK (length(query) <= 500),
    -- Everybody sees it.
    is_shared INTEGER NOT NULL DEFAULT 0 CHECK (is_shared IN (0, 1)),
    UNIQUE (user_id, name)
) STRICT;

-- The ledger. What is owed is positive, money received negative; a correction is a row of its own
-- that names what it takes back. No row holds a sentence: what it says follows from its columns.
CREATE TABLE posting (
    id INTEGER PRIMARY KEY,
    folio_id INTEGER NOT NULL REFERENCES folio (id),
    -- Money received before the stay is a deposit, a liability; it goes over to the guest's ledger with
    -- the check-in, or as far as a fee is owed.
    -- A security is one as well, and never pays a bill by itself.
    ledger TEXT NOT NULL CHECK (ledger IN ('guest', 'deposit') OR ledger IN ('company', 'house') OR ledger = 'security'),
    business_date TEXT NOT NULL,
    -- The stay it is for, whoever pays.
    reservation_id INTEGER REFERENCES reservation (id),
    -- The night of a price; which part of it; and how often this one was voided before.
    night TEXT,
    part INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0,
    article_id INTEGER NOT NULL REFERENCES article (id),
    entry TEXT NOT NULL DEFAULT 'post' CHECK (entry IN ('post', 'void') OR entry IN ('refund', 'transfer')),
    quantity INTEGER NOT NULL DEFAULT 1 CHECK (quantity BETWEEN 1 AND 10000),
    unit_amount INTEGER NOT NULL,
    -- Taxes that came on top of the price.
    added_amount INTEGER NOT NULL DEFAULT 0,
    -- As the payer sees it, all taxes included.
    amount INTEGER NOT NULL CHECK (amount = quantity * unit_amount + added_amount),
    -- The taxes in it, without the hotel's service charge.
    tax_amount INTEGER NOT NULL DEFAULT 0,
    net_amount INTEGER GENERATED ALWAYS AS (amount - tax_amount) VIRTUAL,
    -- Of money: how it came or went, and what it is for.
    method TEXT,
    purpose TEXT CHECK (purpose IN ('full', 'downpayment') OR purpose IN ('deposit', 'adjustment') OR purpose = 'security'),
    -- What a person typed: what an extra is, why something is taken back, a payment's number and notes.
    note TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    reference TEXT NOT NULL DEFAULT '',
    -- The row that this one takes back, or that an allowance is for; and the other half of a transfer.
    reverses_id INTEGER REFERENCES posting (id),
    counter_id INTEGER REFERENCES posting (id),
    -- Of a transfer: the line of which it moves a part, or all of it; NULL = it moves a balance, or a deposit.
    moves_id INTEGER REFERENCES posting (id),
    -- Of cash: the shift that it came into, or went out of.
    shift_id INTEGER REFERENCES shift (id),
    -- Of a tip, and of what cash was rounded by: the payment that it came with.
    payment_id INTEGER REFERENCES posting (id),
    levy_id INTEGER REFERENCES levy (id),
    -- Posted in another system, or before this one was there: it came with its booking.
    is_imported INTEGER NOT NULL DEFAULT 0 CHECK (is_imported IN (0, 1)),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    CHECK (article_id <> 1 OR night IS NOT NULL),
    CHECK ((article_id = 9) = (levy_id IS NOT NULL)),
    CHECK ((method IS NULL) = (purpose IS NULL)),
    CHECK ((method IS NULL) = (article_id <> 7)),
    CHECK (method IS NULL OR (entry = 'post' AND amount < 0) OR (entry <> 'post' AND amount > 0)),
    CHECK ((entry = 'transfer') = (counter_id IS NOT NULL)),
    CHECK (moves_id IS NULL OR entry = 'transfer'),
    CHECK (entry NOT IN ('void', 'refund') OR reverses_id IS NOT NULL),
    CHECK (entry <> 'refund' OR method IS NOT NULL),
    CHECK (shift_id IS NULL OR method IS NOT NULL),
    CHECK (payment_id IS NULL OR article_id IN (10, 11))
) STRICT;
CREATE INDEX posting_reservation ON posting (reservation_id, id);
CREATE INDEX posting_folio ON posting (folio_id, id);
CREATE INDEX posting_business_date ON posting (business_date, ledger);
CREATE INDEX posting_money_date ON posting (business_date, id) WHERE method IS NOT NULL;
CREATE INDEX posting_method_date ON posting (method, business_date, id) WHERE method IS NOT NULL;
CREATE INDEX posting_purpose_date ON posting (purpose, business_date, id) WHERE method IS NOT NULL;
CREATE INDEX posting_reverses ON posting (reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX posting_levy_date ON posting (levy_id, business_date) WHERE levy_id IS NOT NULL;
CREATE INDEX posting_counter ON posting (counter_id) WHERE counter_id IS NOT NULL;
-- What is held of guests: few rows beside all others.
CREATE INDEX posting_held ON posting (ledger, reservation_id, business_date, amount) WHERE ledger IN ('deposit', 'security');
CREATE INDEX posting_moves ON posting (moves_id) WHERE moves_id IS NOT NULL;
CREATE UNIQUE INDEX transfer_is_taken_back_once ON posting (reverses_id) WHERE entry = 'transfer' AND reverses_id IS NOT NULL;
CREATE INDEX posting_shift ON posting (shift_id, id) WHERE shift_id IS NOT NULL;
CREATE INDEX posting_payment ON posting (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX posting_allowance ON posting (business_date) WHERE article_id = 4 AND reverses_id IS NOT NULL;
CREATE INDEX posting_tip ON posting (business_date) WHERE article_id = 11;
CREATE UNIQUE INDEX posting_is_voided_once ON posting (reverses_id) WHERE entry = 'void';
-- A night is posted exactly once, until that is voided.
CREATE UNIQUE INDEX night_is_posted_once ON posting (reservation_id, night, article_id, part, revision)
    WHERE night IS NOT NULL AND reverses_id IS NULL;
CREATE TRIGGER posting_sum AFTER INSERT ON posting BEGIN
    UPDATE folio SET balance = balance + NEW.amount WHERE id = NEW.folio_id;
END;
CREATE TRIGGER posting_sum_charge AFTER INSERT ON posting WHEN NEW.method IS NULL AND NEW.entry <> 'transfer' BEGIN
    UPDATE reservation SET charge_amount = charge_amount + NEW.amount WHERE id = NEW.reservation_id;
END;
CREATE TRIGGER posting_sum_money AFTER INSERT ON posting WHEN NEW.method IS NOT NULL AND NEW.ledger <> 'security' BEGIN
    UPDATE reservation SET paid_amount = paid_amount - NEW.amount WHERE id = NEW.reservation_id;
END;
-- What is moved between folios, and what is posted for a stay to the folio of another payer.
CREATE TRIGGER posting_sum_moved AFTER INSERT ON posting WHEN NEW.entry = 'transfer' AND NEW.article_id <> 8 BEGIN
    UPDATE reservation SET moved_amount = moved_amount + NEW.amount WHERE id = (SELECT reservation_id FROM folio WHERE id = NEW.folio_id);
END;
CREATE TRIGGER posting_sum_elsewhere AFTER INSERT ON posting
WHEN NEW.entry <> 'transfer' AND NEW.ledger <> 'security' AND NEW.reservation_id IS NOT (SELECT reservation_id FROM folio WHERE id = NEW.folio_id) BEGIN
    UPDATE reservation SET moved_amount = moved_amount - NEW.amount WHERE id = NEW.reservation_id;
    UPDATE reservation SET moved_amount = moved_amount + NEW.amount WHERE id = (SELECT reservation_id FROM folio WHERE id = NEW.folio_id);
END;
-- A closed day does not change: whatever is posted carries the open business date. Imports alone
-- bring what was posted earlier, with its booking, marked as such; they stand in for this trigger.
CREATE TRIGGER posting_is_of_the_open_day BEFORE INSERT ON posting
WHEN NEW.is_imported = 1 OR NEW.business_date IS NOT (SELECT business_date FROM property WHERE id = 1)
BEGIN SELECT RAISE(ABORT, 'day_is_closed'); END;
-- What a shift was counted for does not change.
CREATE TRIGGER posting_of_open_shift BEFORE INSERT ON posting
WHEN NEW.shift_id IS NOT NULL AND (SELECT closed_at FROM shift WHERE id = NEW.shift_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'shift_is_closed'); END;
-- Only what a person typed goes, and only when the guest has been erased.
CREATE TRIGGER posting_is_append_only_update BEFORE UPDATE ON posting
WHEN NEW.id <> OLD.id OR NEW.folio_id <> OLD.folio_id OR NEW.ledger <> OLD.ledger OR NEW.business_date <> OLD.business_date
    OR NEW.reservation_id IS NOT OLD.reservation_id OR NEW.night IS NOT OLD.night OR NEW.part <> OLD.part
    OR NEW.revision <> OLD.revision OR NEW.article_id <> OLD.article_id OR NEW.entry <> OLD.entry OR NEW.quantity <> OLD.quantity
    OR NEW.unit_amount <> OLD.unit_amount OR NEW.amount <> OLD.amount OR NEW.tax_amount <> OLD.tax_amount
    OR NEW.method IS NOT OLD.method OR NEW.purpose IS NOT OLD.purpose OR NEW.reverses_id IS NOT OLD.reverses_id
    OR NEW.counter_id IS NOT OLD.counter_id OR NEW.moves_id IS NOT OLD.moves_id OR NEW.levy_id IS NOT OLD.levy_id OR NEW.added_amount <> OLD.added_amount
    OR NEW.shift_id IS NOT OLD.shift_id OR NEW.payment_id IS NOT OLD.payment_id OR NEW.is_imported <> OLD.is_imported
    OR NEW.created_at <> OLD.created_at OR NEW.created_by <> OLD.created_by
    OR NEW.note <> '' OR NEW.reference <> ''
    OR NOT EXISTS (
        SELECT 1 FROM reservation AS r JOIN guest AS g ON g.id = r.guest_id
        WHERE r.id = OLD.reservation_id AND g.anonymised_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posting_is_append_only_delete BEFORE DELETE ON posting
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

-- What was handed over for a payment in cash, where that was said: the rest of it was change. Of a void what was handed back.
CREATE TABLE tender (
    id INTEGER PRIMARY KEY REFERENCES posting (id),
    -- In the hotel's currency.
    given INTEGER NOT NULL,
    -- Notes of another currency, in its minor units, and what one of it was taken for, in millionths of the hotel's.
    currency TEXT CHECK (length(currency) = 3),
    foreign_amount INTEGER,
    rate INTEGER,
    CHECK ((currency IS NULL) = (foreign_amount IS NULL) AND (currency IS NULL) = (rate IS NULL))
) STRICT;
-- What one of a currency was taken for last.
CREATE INDEX tender_currency ON tender (currency, id) WHERE currency IS NOT NULL;
CREATE TRIGGER tender_is_append_only_update BEFORE UPDATE ON tender BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER tender_is_append_only_delete BEFORE DELETE ON tender BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

-- What the hotel owes whoever brings the code of a voucher that it sold: its balance is the sum of its entries.
CREATE TABLE voucher (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 20),
    amount INTEGER NOT NULL CHECK (amount > 0),
    balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0),
    holder TEXT NOT NULL DEFAULT '' CHECK (length(holder) <= 200),
    -- The last day on which it is taken; NULL = for ever.
    expires_on TEXT,
    sold_on TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
CREATE INDEX voucher_open ON voucher (id, balance) WHERE balance > 0;
CREATE TRIGGER voucher_is_kept BEFORE DELETE ON voucher BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER voucher_is_frozen BEFORE UPDATE OF id, code, amount, expires_on, sold_on, created_at, created_by ON voucher
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TABLE voucher_entry (
    id INTEGER PRIMARY KEY,
    voucher_id INTEGER NOT NULL REFERENCES voucher (id),
    kind TEXT NOT NULL CHECK (kind IN ('sold', 'redeemed') OR kind IN ('returned', 'expired', 'cancelled')),
    amount INTEGER NOT NULL CHECK (amount <> 0 AND (kind = 'sold' OR kind = 'returned') = (amount > 0)),
    -- The charge that sold it, or the payment that took it off; NULL where it expired.
    posting_id INTEGER REFERENCES posting (id),
    business_date TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    CHECK ((kind = 'expired') = (posting_id IS NULL))
) STRICT;
CREATE INDEX voucher_entry_voucher ON voucher_entry (voucher_id, id);
CREATE UNIQUE INDEX voucher_entry_posting ON voucher_entry (posting_id) WHERE posting_id IS NOT NULL;
CREATE TRIGGER voucher_sum AFTER INSERT ON voucher_entry BEGIN
    UPDATE voucher SET balance = balance + NEW.amount WHERE id = NEW.voucher_id;
END;
CREATE TRIGGER voucher_entry_is_append_only_update BEFORE UPDATE ON voucher_entry BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER voucher_entry_is_append_only_delete BEFORE DELETE ON voucher_entry BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

-- What stands on a company's account, a row a posting there: owed is positive, received negative.
CREATE TABLE account_item (
    id INTEGER PRIMARY KEY REFERENCES posting (id),
    company_id INTEGER NOT NULL REFERENCES company (id),
    -- By the company's terms when it was posted; of money the day on which it came.
    due_date TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount <> 0),
    -- What of it is not matched with another item.
    open_amount INTEGER NOT NULL,
    -- The last step of which the company was reminded, and when.
    reminder_level INTEGER NOT NULL DEFAULT 0 CHECK (reminder_level IN (0, 1, 2, 3)),
    reminded_on TEXT,
    CONSTRAINT no_more_is_matched CHECK (open_amount BETWEEN min(amount, 0) AND max(amount, 0)),
    CHECK ((reminder_level = 0) = (reminded_on IS NULL))
) STRICT;
CREATE INDEX account_item_company ON account_item (company_id, id);
CREATE INDEX account_item_open ON account_item (company_id, due_date, open_amount) WHERE open_amount <> 0;
-- Which money pays for what: an amount of an item that is owed, and the same of one that was received.
CREATE TABLE account_match (
    id INTEGER PRIMARY KEY,
    debit_id INTEGER NOT NULL REFERENCES account_item (id),
    credit_id INTEGER NOT NULL REFERENCES account_item (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    business_date TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    undone_at TEXT,
    undone_by TEXT,
    CHECK ((undone_at IS NULL) = (undone_by IS NULL))
) STRICT;
CREATE INDEX account_match_debit ON account_match (debit_id) WHERE undone_at IS NULL;
CREATE INDEX account_match_credit ON account_match (credit_id) WHERE undone_at IS NULL;
-- What takes another posting of the account back is matched with it; where that is matched with something else
-- already, the newest of those matches give way.
CREATE TRIGGER posting_on_account AFTER INSERT ON posting WHEN NEW.ledger = 'company' AND NEW.amount <> 0 BEGIN
    INSERT INTO account_item (id, company_id, due_date, amount, open_amount)
        SELECT NEW.id, c.id, iif(NEW.amount > 0, date(NEW.business_date,
            '+' || coalesce(c.terms_days, (SELECT due_days FROM invoice_setup), 30) || ' days'), NEW.business_date),
            NEW.amount, NEW.amount
        FROM folio AS f JOIN company AS c ON c.id = f.company_id WHERE f.id = NEW.folio_id;
    UPDATE account_match SET undone_at = NEW.created_at, undone_by = NEW.created_by
        WHERE NEW.reverses_id IS NOT NULL AND id IN (
            SELECT later.id
            FROM (SELECT m.id, sum(m.amount) OVER (ORDER BY m.id DESC) - m.amount AS freed
                FROM account_match AS m
                WHERE m.undone_at IS NULL AND NEW.reverses_id IN (m.debit_id, m.credit_id)) AS later
            JOIN account_item AS o ON o.id = NEW.reverses_id
            JOIN account_item AS n ON n.id = NEW.id AND n.company_id = o.company_id AND (n.amount > 0) <> (o.amount > 0)
            WHERE later.freed < abs(NEW.amount) - abs(o.open_amount));
    INSERT INTO account_match (debit_id, credit_id, amount, business_date, created_at, created_by)
        SELECT iif(n.amount > 0, n.id, o.id), iif(n.amount > 0, o.id, n.id), min(abs(n.amount), abs(o.open_amount)),
            NEW.business_date, NEW.created_at, NEW.created_by
        FROM account_item AS n JOIN account_item AS o ON o.id = NEW.reverses_id AND o.company_id = n.company_id
        WHERE n.id = NEW.id AND o.open_amount <> 0 AND (n.amount > 0) <> (o.amount > 0);
    -- The last that gave way stands on with what was not needed of it.
    INSERT INTO account_match (debit_id, credit_id, amount, business_date, created_at, created_by)
        SELECT m.debit_id, m.credit_id, min(m.amount, abs(o.open_amount)), NEW.business_date, NEW.created_at, NEW.created_by
        FROM account_item AS o JOIN account_match AS m ON m.id = (
            SELECT min(u.id) FROM account_match AS u
            WHERE (u.debit_id = o.id OR u.credit_id = o.id) AND u.undone_at = NEW.created_at AND u.undone_by = NEW.created_by)
        WHERE o.id = NEW.reverses_id AND o.open_amount <> 0
            AND EXISTS (SELECT 1 FROM account_match AS n WHERE NEW.id IN (n.debit_id, n.credit_id) AND n.undone_at IS NULL);
END;
CREATE TRIGGER account_match_of_one_account BEFORE INSERT ON account_match
WHEN NOT EXISTS (
    SELECT 1 FROM account_item AS d JOIN account_item AS c ON c.company_id = d.company_id
    WHERE d.id = NEW.debit_id AND c.id = NEW.credit_id AND d.amount > 0 AND c.amount < 0)
BEGIN SELECT RAISE(ABORT, 'no_more_is_matched'); END;
CREATE TRIGGER account_match_sum AFTER INSERT ON account_match WHEN NEW.undone_at IS NULL BEGIN
    UPDATE account_item SET open_amount = open_amount - NEW.amount WHERE id = NEW.debit_id;
    UPDATE account_item SET open_amount = open_amount + NEW.amount WHERE id = NEW.credit_id;
END;
CREATE TRIGGER account_match_undone AFTER UPDATE OF undone_at ON account_match WHEN NEW.undone_at IS NOT NULL BEGIN
    UPDATE account_item SET open_amount = open_amount + NEW.amount WHERE id = NEW.debit_id;
    UPDATE account_item SET open_amount = open_amount - NEW.amount WHERE id = NEW.credit_id;
END;
CREATE TRIGGER account_match_is_undone_once BEFORE UPDATE ON account_match
WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.id <> OLD.id OR NEW.debit_id <> OLD.debit_id
    OR NEW.credit_id <> OLD.credit_id OR NEW.amount <> OLD.amount OR NEW.business_date <> OLD.business_date
    OR NEW.created_at <> OLD.created_at OR NEW.created_by <> OLD.created_by
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER account_match_is_kept BEFORE DELETE ON account_match BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER account_item_is_kept BEFORE DELETE ON account_item BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER account_item_keeps_its_amount BEFORE UPDATE OF id, company_id, due_date, amount ON account_item
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
-- The account as its owner reads it.
CREATE VIEW account_entry (id, company_id, business_date, due_date, amount, open_amount, reminder_level, reminded_on, kind, method,
    reference, note, reservation_id, folio_id, counter_id, reverses_id, created_at, created_by)
AS SELECT i.id, i.company_id, p.business_date, i.due_date, i.amount, i.open_amount, i.reminder_level, i.reminded_on,
    CASE
        WHEN p.method IS NOT NULL THEN CASE p.entry WHEN 'post' THEN 'payment' ELSE p.entry END
        WHEN p.entry = 'void' THEN 'void'
        WHEN p.entry <> 'transfer' THEN CASE p.article_id WHEN -2 THEN 'reminder_fee' WHEN 4 THEN 'allowance' ELSE 'charge' END
        WHEN p.reverses_id IS NOT NULL THEN 'taken_back'
        WHEN p.moves_id IS NULL THEN 'settled'
        ELSE 'moved'
    END,
    p.method, p.reference, p.note, p.reservation_id, p.folio_id, p.counter_id, p.reverses_id, p.created_at, p.created_by
FROM account_item AS i CROSS JOIN posting AS p ON p.id = i.id;

-- The three steps in which a company is reminded of what is overdue.
CREATE TABLE reminder_level (
    level INTEGER PRIMARY KEY CHECK (level IN (1, 2, 3)),
    -- How many days after it was due.
    days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 365),
    -- What its letter says instead of the words that the program has for it.
    words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 2000),
    -- What the company is charged for it.
    fee INTEGER NOT NULL DEFAULT 0 CHECK (fee >= 0),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO reminder_level (level, days) VALUES (1, 7), (2, 21), (3, 35);
CREATE TABLE reminder (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES company (id),
    -- The highest step among its items.
    level INTEGER NOT NULL CHECK (level IN (1, 2, 3)),
    business_date TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    fee INTEGER NOT NULL CHECK (fee >= 0),
    fee_id INTEGER REFERENCES posting (id),
    -- As the step had them then.
    words TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    undone_at TEXT,
    undone_by TEXT,
    CHECK ((fee > 0) = (fee_id IS NOT NULL)),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL))
) STRICT;
CREATE INDEX reminder_company ON reminder (company_id, id);
CREATE TABLE reminder_item (
    id INTEGER PRIMARY KEY,
    reminder_id INTEGER NOT NULL REFERENCES reminder (id),
    item_id INTEGER NOT NULL REFERENCES account_item (id),
    level INTEGER NOT NULL CHECK (level IN (1, 2, 3)),
    -- What was open of it.
    amount INTEGER NOT NULL CHECK (amount > 0),
    UNIQUE (reminder_id, item_id)
) STRICT;
CREATE INDEX reminder_item_item ON reminder_item (item_id);
-- Nobody is reminded twice of one item on one day.
CREATE TRIGGER reminder_item_once_a_day BEFORE INSERT ON reminder_item
WHEN (SELECT i.reminded_on FROM account_item AS i WHERE i.id = NEW.item_id)
    = (SELECT r.business_date FROM reminder AS r WHERE r.id = NEW.reminder_id)
BEGIN SELECT RAISE(ABORT, 'reminded_today'); END;
CREATE TRIGGER reminder_item_told AFTER INSERT ON reminder_item BEGIN
    UPDATE account_item SET reminder_level = NEW.level, reminded_on = (SELECT r.business_date FROM reminder AS r WHERE r.id = NEW.reminder_id)
        WHERE id = NEW.item_id;
END;
CREATE TRIGGER reminder_undone AFTER UPDATE OF undone_at ON reminder WHEN NEW.undone_at IS NOT NULL BEGIN
    UPDATE account_item SET (reminder_level, reminded_on) = (
            SELECT coalesce(max(e.level), 0), max(r.business_date)
            FROM reminder_item AS e JOIN reminder AS r ON r.id = e.reminder_id
            WHERE e.item_id = account_item.id AND r.undone_at IS NULL)
        WHERE id IN (SELECT item_id FROM reminder_item WHERE reminder_id = NEW.id);
END;
CREATE TRIGGER reminder_is_kept BEFORE DELETE ON reminder BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER reminder_item_is_kept BEFORE DELETE ON reminder_item BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

-- What an agent was paid for a stay that it sent, as it was reckoned then.
CREATE TABLE commission (
    id INTEGER PRIMARY KEY REFERENCES reservation (id),
    company_id INTEGER NOT NULL REFERENCES company (id),
    -- The room revenue of the stay without taxes.
    base INTEGER NOT NULL,
    -- In hundredths of a percent.
    percent INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    paid_on TEXT NOT NULL,
    reference TEXT NOT NULL DEFAULT '' CHECK (length(reference) <= 100),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
CREATE INDEX commission_company ON commission (company_id);

-- The taxes of a posting, one row a tax: base × rate ÷ divisor, rounded together with what was posted before.
CREATE TABLE posting_tax (
    id INTEGER PRIMARY KEY,
    posting_id INTEGER NOT NULL REFERENCES posting (id),
    tax_id INTEGER NOT NULL REFERENCES tax (id),
    -- The hotel's own charge, which is no tax.
    is_service INTEGER NOT NULL CHECK (is_service IN (0, 1)),
    -- In millionths; of a price with taxes in it the divisor is above a million.
    rate INTEGER NOT NULL,
    divisor INTEGER NOT NULL CHECK (divisor >= 1000000),
    -- What is rounded together where taxes are rounded by line: an article, or a levy below zero.
    line INTEGER NOT NULL,
    -- Which part of a price that is split over tax groups.
    part INTEGER NOT NULL DEFAULT 0,
    base INTEGER NOT NULL,
    amount INTEGER NOT NULL
) STRICT;
CREATE INDEX posting_tax_posting ON posting_tax (posting_id);
CREATE INDEX posting_tax_tax ON posting_tax (tax_id);
-- The prices that a levy takes a share of, where the share is rounded once for all nights.
CREATE TABLE posting_share (
    id INTEGER PRIMARY KEY,
    posting_id INTEGER NOT NULL REFERENCES posting (id),
    rate INTEGER NOT NULL,
    price INTEGER NOT NULL,
    is_included INTEGER NOT NULL CHECK (is_included IN (0, 1)),
    service_rate INTEGER NOT NULL,
    tax_rate INTEGER NOT NULL
) STRICT;
CREATE INDEX posting_share_posting ON posting_share (posting_id);
-- What of the price of a night is for articles inside it, one row an article: as the payer sees it, and the taxes in
-- it. The rest of the posting is the room's.
CREATE TABLE posting_part (
    id INTEGER PRIMARY KEY,
    posting_id INTEGER NOT NULL REFERENCES posting (id),
    article_id INTEGER NOT NULL REFERENCES article (id),
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    tax_amount INTEGER NOT NULL
) STRICT;
CREATE INDEX posting_part_posting ON posting_part (posting_id);
CREATE INDEX posting_part_article ON posting_part (article_id);
CREATE TRIGGER posting_part_is_append_only_update BEFORE UPDATE ON posting_part
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posting_part_is_append_only_delete BEFORE DELETE ON posting_part
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posting_tax_is_append_only_update BEFORE UPDATE ON posting_tax
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posting_tax_is_append_only_delete BEFORE DELETE ON posting_tax
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posting_share_is_append_only_update BEFORE UPDATE ON posting_share
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posting_share_is_append_only_delete BEFORE DELETE ON posting_share
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

-- How documents are numbered: a series for each kind, and more where a hotel has several tills.
CREATE TABLE invoice_series (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'deposit_invoice', 'pro_forma')),
    name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    -- What stands before the number; {year} and {yy} are the year of the business date.
    prefix TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(prefix) <= 20),
    digits INTEGER NOT NULL DEFAULT 5 CHECK (digits BETWEEN 1 AND 10),
    -- Begins with 1 again each year.
    is_yearly INTEGER NOT NULL DEFAULT 1 CHECK (is_yearly IN (0, 1)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (is_yearly = 0 OR prefix LIKE '%{year}%' OR prefix LIKE '%{yy}%')
) STRICT;
INSERT INTO invoice_series (id, kind, name, prefix) VALUES
    (1, 'invoice', 'Invoices', 'INV-{year}-'), (2, 'credit_note', 'Credit notes', 'CN-{year}-'),
    (3, 'deposit_invoice', 'Deposit invoices', 'DEP-{year}-'), (4, 'pro_forma', 'Pro forma invoices', 'PF-{year}-');
-- The last number of a series in a year; year 0 of a series that never begins again.
CREATE TABLE invoice_counter (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES invoice_series (id),
    year INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last >= 1),
    last_on TEXT NOT NULL,
    UNIQUE (series_id, year)
) STRICT;
CREATE TRIGGER invoice_counter_has_no_gap BEFORE UPDATE ON invoice_counter
WHEN NEW.last <> OLD.last + 1 OR NEW.last_on < OLD.last_on OR NEW.series_id <> OLD.series_id OR NEW.year <> OLD.year
BEGIN SELECT RAISE(ABORT, 'invoice_numbers_have_no_gap'); END;
CREATE TRIGGER invoice_counter_is_kept BEFORE DELETE ON invoice_counter BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
-- Pictures that documents show, by their SHA-256: one that was replaced is kept for what was issued with it.
CREATE TABLE picture (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg')),
    data BLOB NOT NULL CHECK (length(data) BETWEEN 1 AND 200000)
) STRICT;
CREATE TRIGGER picture_is_frozen BEFORE UPDATE ON picture BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER picture_is_kept BEFORE DELETE ON picture BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
-- What invoices say of the hotel; one row, once it says so.
CREATE TABLE invoice_setup (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Seller, bank, words: as JSON, which src/hotel/invoices/setup.rs reads and checks.
    definition TEXT NOT NULL CHECK (json_valid(definition)),
    -- Up to so much a simplified invoice will do; 0 = never.
    simplified_limit INTEGER NOT NULL DEFAULT 0 CHECK (simplified_limit >= 0),
    -- Companies pay within so many days, where nothing else was agreed with one.
    due_days INTEGER NOT NULL DEFAULT 30 CHECK (due_days BETWEEN 0 AND 365),
    logo_id INTEGER REFERENCES picture (id),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
-- Documents on what is owed: drafts, and what was issued. What was issued never changes; its snapshot has every word of it.
CREATE TABLE invoice (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'deposit_invoice', 'pro_forma')),
    -- Whose bill it is about, and whom it is addressed to.
    folio_id INTEGER NOT NULL REFERENCES folio (id),
    reservation_id INTEGER REFERENCES reservation (id),
    company_id INTEGER REFERENCES company (id),
    -- What was chosen for it while it was a draft, as JSON, which src/hotel/invoices/draft.rs reads.
    choices TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(choices)),
    -- Of a credit note, and of an invoice that takes another one's place.
    refers_to_id INTEGER REFERENCES invoice (id),
    reason TEXT NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    -- A draft has no number and uses none up.
    series_id INTEGER REFERENCES invoice_series (id),
    year INTEGER,
    serial INTEGER,
    number TEXT UNIQUE,
    issued_on TEXT,
    issued_at TEXT,
    issued_by TEXT,
    due_on TEXT,
    buyer_name TEXT NOT NULL DEFAULT '',
    is_simplified INTEGER NOT NULL DEFAULT 0 CHECK (is_simplified IN (0, 1)),
    -- Of a draft as it was when somebody last looked after it. What takes off is negative.
    net INTEGER NOT NULL DEFAULT 0,
    tax INTEGER NOT NULL DEFAULT 0,
    gross INTEGER NOT NULL DEFAULT 0,
    -- What cash was rounded by.
    rounding INTEGER NOT NULL DEFAULT 0,
    -- Paid when it was issued, by deposits that were invoiced before among others.
    prepaid INTEGER NOT NULL DEFAULT 0,
    payable INTEGER GENERATED ALWAYS AS (gross + rounding - prepaid) VIRTUAL,
    -- The sum of its credit notes, kept by trigger.
    credited INTEGER NOT NULL DEFAULT 0,
    -- JSON of src/hotel/invoices/snapshot.rs.
    snapshot TEXT CHECK (json_valid(snapshot)),
    -- SHA-256 of the words as issued; and of that, every column that never changes, the figures and the hash before it
    -- (src/hotel/invoices/seal.rs): nothing issued can be changed, taken out or put in between without being noticed.
    words_hash TEXT,
    chain_position INTEGER UNIQUE,
    chain_hash TEXT,
    -- When and by whom personal data was taken out of the words after the term of keeping it; the hashes prove the rest.
    scrubbed_at TEXT,
    scrubbed_by TEXT,
    prints INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((number IS NULL) = (issued_on IS NULL) AND (number IS NULL) = (snapshot IS NULL) AND (number IS NULL) = (chain_position IS NULL)),
    CHECK ((scrubbed_at IS NULL) = (scrubbed_by IS NULL)),
    CHECK (kind <> 'credit_note' OR refers_to_id IS NOT NULL),
    CONSTRAINT credits_are_no_more_than_the_invoice CHECK (credited <= 0 AND credited + max(gross, 0) >= 0),
    UNIQUE (series_id, year, serial)
) STRICT;
CREATE INDEX invoice_folio ON invoice (folio_id, id);
CREATE INDEX invoice_issued ON invoice (issued_on, id) WHERE number IS NOT NULL;
CREATE INDEX invoice_draft ON invoice (id) WHERE number IS NULL;
CREATE INDEX invoice_reservation ON invoice (reservation_id, id) WHERE reservation_id IS NOT NULL;
CREATE INDEX invoice_company ON invoice (company_id, id) WHERE company_id IS NOT NULL;
CREATE INDEX invoice_refers ON invoice (refers_to_id) WHERE refers_to_id IS NOT NULL;
-- A draft is of no use once whom it names is erased; what was issued keeps the name as long as tax law asks for it.
CREATE TRIGGER invoice_draft_of_erased AFTER UPDATE OF anonymised_at ON guest WHEN NEW.anonymised_at IS NOT NULL BEGIN
    DELETE FROM invoice WHERE number IS NULL AND reservation_id IN (SELECT id FROM reservation WHERE guest_id = NEW.id);
END;
-- A number is the next of its series, on the open business date.
CREATE TRIGGER invoice_takes_the_next_number BEFORE UPDATE OF number ON invoice
WHEN OLD.number IS NULL AND NEW.number IS NOT NULL AND (
    NEW.issued_on IS NOT (SELECT business_date FROM property WHERE id = 1)
    OR NEW.serial IS NOT (SELECT last FROM invoice_counter WHERE series_id = NEW.series_id AND year = NEW.year)
    OR NEW.chain_position IS NOT (SELECT coalesce(max(chain_position), 0) + 1 FROM invoice))
BEGIN SELECT RAISE(ABORT, 'invoice_numbers_have_no_gap'); END;
CREATE TRIGGER invoice_begins_as_draft BEFORE INSERT ON invoice WHEN NEW.number IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'invoice_numbers_have_no_gap'); END;
CREATE TRIGGER invoice_is_frozen BEFORE UPDATE ON invoice
WHEN OLD.number IS NOT NULL AND (NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.folio_id <> OLD.folio_id OR NEW.number IS NOT OLD.number
    OR NEW.reservation_id IS NOT OLD.reservation_id OR NEW.company_id IS NOT OLD.company_id OR NEW.refers_to_id IS NOT OLD.refers_to_id
    OR NEW.series_id <> OLD.series_id OR NEW.year <> OLD.year OR NEW.serial <> OLD.serial OR NEW.issued_on <> OLD.issued_on
    OR NEW.issued_at <> OLD.issued_at OR NEW.issued_by <> OLD.issued_by OR NEW.due_on IS NOT OLD.due_on
    OR NEW.is_simplified <> OLD.is_simplified OR NEW.net <> OLD.net OR NEW.tax <> OLD.tax OR NEW.gross <> OLD.gross
    OR NEW.rounding <> OLD.rounding OR NEW.prepaid <> OLD.prepaid OR NEW.chain_position <> OLD.chain_position
    OR (NEW.words_hash IS NOT OLD.words_hash AND OLD.words_hash IS NOT NULL) OR (NEW.chain_hash IS NOT OLD.chain_hash AND OLD.chain_hash IS NOT NULL)
    OR NEW.created_at <> OLD.created_at OR NEW.created_by <> OLD.created_by OR NEW.choices <> OLD.choices OR NEW.credited > OLD.credited
    OR ((NEW.snapshot <> OLD.snapshot OR NEW.buyer_name <> OLD.buyer_name OR NEW.reason <> OLD.reason)
        AND (NEW.scrubbed_at IS NULL OR OLD.scrubbed_at IS NOT NULL))
    OR (OLD.scrubbed_at IS NOT NULL AND (NEW.scrubbed_at IS NOT OLD.scrubbed_at OR NEW.scrubbed_by IS NOT OLD.scrubbed_by)))
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER invoice_is_kept BEFORE DELETE ON invoice WHEN OLD.number IS NOT NULL BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER invoice_is_credited AFTER UPDATE OF number ON invoice
WHEN OLD.number IS NULL AND NEW.number IS NOT NULL AND NEW.kind = 'credit_note' BEGIN
    UPDATE invoice SET credited = credited + NEW.gross WHERE id = NEW.refers_to_id;
END;
-- Nor is a day opened again on which, or after which, something was issued.
CREATE TRIGGER issued_days_stay_closed BEFORE UPDATE OF business_date ON property
WHEN NEW.business_date < OLD.business_date AND EXISTS (SELECT 1 FROM invoice WHERE number IS NOT NULL AND issued_on > NEW.business_date)
BEGIN SELECT RAISE(ABORT, 'day_is_closed'); END;
-- The lines of what was issued, as far as sums are made of them; what they say stands in the snapshot.
CREATE TABLE invoice_line (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoice (id),
    position INTEGER NOT NULL,
    -- The charge that it is for; NULL of a deposit.
    charge_id INTEGER REFERENCES posting (id),
    category TEXT NOT NULL CHECK (category IN ('S', 'Z', 'E', 'O', 'AE')),
    -- In millionths, of all taxes on it.
    rate INTEGER NOT NULL,
    net INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    gross INTEGER NOT NULL CHECK (gross = net + tax),
    -- Of a credit note: the line that it takes off, and the sum of such lines, kept by trigger.
    credits_id INTEGER REFERENCES invoice_line (id),
    credited INTEGER NOT NULL DEFAULT 0,
    UNIQUE (invoice_id, position),
    CONSTRAINT credits_are_no_more_than_the_line CHECK (abs(gross + credited) <= abs(gross) AND (gross + credited) * gross >= 0)
) STRICT;
CREATE INDEX invoice_line_credits ON invoice_line (credits_id) WHERE credits_id IS NOT NULL;
CREATE INDEX invoice_line_charge ON invoice_line (charge_id) WHERE charge_id IS NOT NULL;
CREATE TRIGGER invoice_line_is_credited AFTER INSERT ON invoice_line WHEN NEW.credits_id IS NOT NULL BEGIN
    UPDATE invoice_line SET credited = credited + NEW.gross WHERE id = NEW.credits_id;
END;
CREATE TRIGGER invoice_line_is_frozen BEFORE UPDATE OF id, invoice_id, position, charge_id, category, rate, net, tax, gross, credits_id ON invoice_line
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER invoice_line_is_kept BEFORE DELETE ON invoice_line BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
-- The taxes of what was issued, by name, category and rate.
CREATE TABLE invoice_tax (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoice (id),
    name TEXT NOT NULL,
    category TEXT NOT NULL CHECK (category IN ('S', 'Z', 'E', 'O', 'AE')),
    rate INTEGER NOT NULL,
    base INTEGER NOT NULL,
    amount INTEGER NOT NULL
) STRICT;
CREATE INDEX invoice_tax_invoice ON invoice_tax (invoice_id);
CREATE TRIGGER invoice_tax_is_frozen BEFORE UPDATE ON invoice_tax BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER invoice_tax_is_kept BEFORE DELETE ON invoice_tax BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
-- Which postings are on which document: each on one that stands. A document that was credited whole stands no more.
CREATE TABLE invoice_posting (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoice (id),
    posting_id INTEGER NOT NULL REFERENCES posting (id),
    is_live INTEGER NOT NULL DEFAULT 1 CHECK (is_live IN (0, 1))
) STRICT;
CREATE INDEX invoice_posting_invoice ON invoice_posting (invoice_id);
CREATE UNIQUE INDEX posting_is_invoiced_once ON invoice_posting (posting_id) WHERE is_live = 1;
CREATE TRIGGER invoice_posting_is_frozen BEFORE UPDATE ON invoice_posting
WHEN NEW.id <> OLD.id OR NEW.invoice_id <> OLD.invoice_id OR NEW.posting_id <> OLD.posting_id OR NEW.is_live > OLD.is_live
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER invoice_posting_is_kept BEFORE DELETE ON invoice_posting BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
-- Which deposit invoices a final invoice takes off, and how much of them.
CREATE TABLE invoice_deposit (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoice (id),
    deposit_id INTEGER NOT NULL REFERENCES invoice (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    is_live INTEGER NOT NULL DEFAULT 1 CHECK (is_live IN (0, 1))
) STRICT;
CREATE INDEX invoice_deposit_invoice ON invoice_deposit (invoice_id);
CREATE INDEX invoice_deposit_deposit ON invoice_deposit (deposit_id);
CREATE UNIQUE INDEX deposit_is_taken_off_once ON invoice_deposit (deposit_id) WHERE is_live = 1;
CREATE TRIGGER invoice_deposit_is_frozen BEFORE UPDATE ON invoice_deposit
WHEN NEW.id <> OLD.id OR NEW.invoice_id <> OLD.invoice_id OR NEW.deposit_id <> OLD.deposit_id OR NEW.amount <> OLD.amount
    OR NEW.is_live > OLD.is_live
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER invoice_deposit_is_kept BEFORE DELETE ON invoice_deposit BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
-- What is on an invoice stays as it is: neither voided nor moved away before a credit note has taken it back.
CREATE TRIGGER invoiced_line_is_not_voided BEFORE INSERT ON posting
WHEN NEW.entry = 'void' AND NEW.method IS NULL AND EXISTS (SELECT 1 FROM invoice_posting WHERE posting_id = NEW.reverses_id AND is_live = 1)
BEGIN SELECT RAISE(ABORT, 'posting_is_invoiced'); END;
CREATE TRIGGER invoiced_line_is_not_moved BEFORE INSERT ON posting
WHEN NEW.entry = 'transfer' AND NEW.moves_id IS NOT NULL
    AND (NEW.amount > 0) <> ((SELECT amount FROM posting WHERE id = NEW.moves_id) > 0)
    AND EXISTS (
        SELECT 1 FROM posting AS p CROSS JOIN invoice_posting AS i ON i.posting_id = p.id AND i.is_live = 1
        WHERE (p.id = NEW.moves_id OR p.moves_id = NEW.moves_id OR p.reverses_id = NEW.moves_id) AND p.folio_id = NEW.folio_id)
BEGIN SELECT RAISE(ABORT, 'posting_is_invoiced'); END;

-- The ledger as a folio shows it: what is owed, and the money, received positive.
CREATE VIEW charge (id, folio_id, reservation_id, business_date, night, kind, note, quantity, unit_amount, added_amount,
    amount, tax_amount, reverses_id, article_id, levy_id, payment_id, is_imported, created_at, created_by)
AS SELECT p.id, p.folio_id, p.reservation_id, p.business_date, p.night, CASE p.entry WHEN 'void' THEN 'void' ELSE a.kind END, p.note,
    p.quantity, p.unit_amount, p.added_amount, p.amount, p.tax_amount, p.reverses_id, p.article_id, p.levy_id, p.payment_id, p.is_imported, p.created_at, p.created_by
FROM posting AS p CROSS JOIN article AS a ON a.id = p.article_id
WHERE p.method IS NULL AND p.counter_id IS NULL;
CREATE VIEW payment (id, folio_id, reservation_id, kind, amount, payment_method, payment_type, business_date, reference_number, notes,
    reverses_id, shift_id, is_imported, created_at, created_by)
AS SELECT id, folio_id, reservation_id, CASE entry WHEN 'post' THEN 'payment' ELSE entry END, -amount, method, purpose,
    business_date, reference, note, reverses_id, shift_id, is_imported, created_at, created_by
FROM posting
WHERE method IS NOT NULL;

-- What a day was when it was closed, a row a day, so that figures of years are read by the day. A price that is mended later,
-- or a night that comes back, stands with its night; the day keeps what it was, and says that it has changed.
CREATE TABLE day_statistics (
    date TEXT PRIMARY KEY CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    rooms INTEGER NOT NULL,
    out_of_order INTEGER NOT NULL,
    out_of_service INTEGER NOT NULL,
    -- Nights that were held, those of complimentary stays, of house use and without a price yet among them.
    sold INTEGER NOT NULL,
    complimentary INTEGER NOT NULL,
    house_use INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    -- Those that an average is taken over: without the nights that nobody is to pay for, and those without a price yet.
    paying INTEGER NOT NULL,
    -- Rooms that more than one person slept in, and who slept in all of them.
    multiple INTEGER NOT NULL,
    adults INTEGER NOT NULL,
    children INTEGER NOT NULL,
    day_use INTEGER NOT NULL,
    -- Who came and went on this business date; of who came, those without a booking of an earlier day.
    arrivals INTEGER NOT NULL,
    arrival_persons INTEGER NOT NULL,
    walk_ins INTEGER NOT NULL,
    departures INTEGER NOT NULL,
    departure_persons INTEGER NOT NULL,
    early_departures INTEGER NOT NULL,
    -- Stays whose departure was moved on this business date; nights of guests who are VIPs.
    extended INTEGER NOT NULL,
    vips INTEGER NOT NULL,
    -- Bookings made on this business date and their nights, and who gave up on it.
    made INTEGER NOT NULL,
    made_nights INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    no_shows INTEGER NOT NULL,
    -- The prices of its nights and of its day use, as booked.
    room_revenue INTEGER NOT NULL,
    day_use_revenue INTEGER NOT NULL,
    -- A night of it was added, released or priced since.
    is_changed INTEGER NOT NULL DEFAULT 0 CHECK (is_changed IN (0, 1)),
    recorded_at TEXT NOT NULL
) STRICT;
-- Each ledger on a day: what it began with and what came to it; money received is positive and takes off.
CREATE TABLE day_ledger (
    id INTEGER PRIMARY KEY,
    date TEXT NOT NULL REFERENCES day_statistics (date) ON DELETE CASCADE,
    ledger TEXT NOT NULL CHECK (ledger IN ('guest', 'deposit') OR ledger IN ('company', 'house') OR ledger = 'security'),
    opening INTEGER NOT NULL,
    charges INTEGER NOT NULL,
    -- Of the charges.
    taxes INTEGER NOT NULL,
    money INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    closing INTEGER GENERATED ALWAYS AS (opening + charges - money + moved) VIRTUAL,
    UNIQUE (date, ledger)
) STRICT;
-- What was charged on a day by article, voids and allowances by themselves.
CREATE TABLE day_revenue (
    id INTEGER PRIMARY KEY,
    date TEXT NOT NULL REFERENCES day_statistics (date) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES article (id),
    entry TEXT NOT NULL CHECK (entry IN ('post', 'void')),
    lines INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    tax_amount INTEGER NOT NULL,
    UNIQUE (date, article_id, entry)
) STRICT;
-- What of the prices of a day's nights was for articles inside them: they are part of the room's revenue above.
CREATE TABLE day_part (
    id INTEGER PRIMARY KEY,
    date TEXT NOT NULL REFERENCES day_statistics (date) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES article (id),
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    tax_amount INTEGER NOT NULL,
    UNIQUE (date, article_id)
) STRICT;
CREATE INDEX day_part_article ON day_part (article_id);
-- Money of a day by method: received, and given back by refunds and voids.
CREATE TABLE day_money (
    id INTEGER PRIMARY KEY,
    date TEXT NOT NULL REFERENCES day_statistics (date) ON DELETE CASCADE,
    method TEXT NOT NULL,
    payments INTEGER NOT NULL,
    received INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    UNIQUE (date, method)
) STRICT;
-- Taxes of a day by rate.
CREATE TABLE day_tax (
    id INTEGER PRIMARY KEY,
    date TEXT NOT NULL REFERENCES day_statistics (date) ON DELETE CASCADE,
    tax_id INTEGER NOT NULL REFERENCES tax (id),
    is_service INTEGER NOT NULL CHECK (is_service IN (0, 1)),
    rate INTEGER NOT NULL,
    -- Without the tax.
    base INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    UNIQUE (date, tax_id, is_service, rate)
) STRICT;
CREATE INDEX day_revenue_article ON day_revenue (article_id);
CREATE INDEX day_tax_tax ON day_tax (tax_id);
-- What was on the books for a night by type, plan and source when a day was closed: only what had changed since the close
-- before, so that as of a day the last row up to it holds. A type may be gone.
CREATE TABLE on_the_books (
    night TEXT NOT NULL,
    room_type_id INTEGER NOT NULL,
    rate_plan_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    as_of TEXT NOT NULL,
    rooms INTEGER NOT NULL,
    room_revenue INTEGER NOT NULL,
    PRIMARY KEY (night, room_type_id, rate_plan_id, source, as_of)
) STRICT, WITHOUT ROWID;
CREATE INDEX on_the_books_close ON on_the_books (as_of);
-- What changes of a night that is over, or of tonight once the day was written down, is told to its day.
CREATE TRIGGER day_changes_insert AFTER INSERT ON reservation_night
WHEN NEW.night <= (SELECT business_date FROM property WHERE id = 1) BEGIN
    UPDATE day_statistics SET is_changed = 1 WHERE date = NEW.night AND is_changed = 0;
END;
CREATE TRIGGER day_changes_update AFTER UPDATE OF night, kind, rate, adults, children, is_held ON reservation_night
WHEN OLD.night <= (SELECT business_date FROM property WHERE id = 1)
    AND (NEW.night <> OLD.night OR NEW.kind <> OLD.kind OR NEW.rate <> OLD.rate OR NEW.adults <> OLD.adults
        OR NEW.children <> OLD.children OR NEW.is_held <> OLD.is_held) BEGIN
    UPDATE day_statistics SET is_changed = 1 WHERE date IN (OLD.night, NEW.night) AND is_changed = 0;
END;
CREATE TRIGGER day_changes_delete AFTER DELETE ON reservation_night
WHEN OLD.night <= (SELECT business_date FROM property WHERE id = 1) BEGIN
    UPDATE day_statistics SET is_changed = 1 WHERE date = OLD.night AND is_changed = 0;
END;
-- An import brings postings of days that are over: those days and the openings after them are reckoned anew.
CREATE TRIGGER days_are_reckoned_anew AFTER INSERT ON posting WHEN NEW.is_imported = 1 BEGIN
    DELETE FROM day_statistics WHERE date >= NEW.business_date;
END;

-- Nor is a day opened again on which something was posted, or after it.
CREATE TRIGGER closed_days_stay_closed BEFORE UPDATE OF business_date ON property
WHEN NEW.business_date < OLD.business_date
    AND EXISTS (SELECT 1 FROM posting WHERE business_date > NEW.business_date)
BEGIN SELECT RAISE(ABORT, 'day_is_closed'); END;
-- A night that is on the bill keeps its price there; it goes with its charge alone.
CREATE TRIGGER posted_night_keeps_its_price BEFORE UPDATE OF night, rate, extras, is_posted ON reservation_night
WHEN OLD.is_posted = 1 AND NEW.is_posted = 1 AND (NEW.night <> OLD.night OR NEW.rate <> OLD.rate OR NEW.extras <> OLD.extras)
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posted_night_stays BEFORE DELETE ON reservation_night WHEN OLD.is_posted = 1
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

-- Names on reservations: written with the row, mended here if they ever differ,
-- and followed when the guest, the room or the type is renamed.
CREATE TRIGGER reservation_names_insert AFTER INSERT ON reservation
WHEN EXISTS (
    SELECT 1 FROM guest WHERE id = NEW.guest_id
        AND (full_name IS NOT NEW.guest_name OR email IS NOT NEW.guest_email OR phone_number IS NOT NEW.guest_phone)
) OR NEW.room_number IS NOT (SELECT room_number FROM room WHERE id = NEW.room_id)
  OR NEW.room_type_name IS NOT (SELECT name FROM room_type WHERE id = NEW.room_type_id) BEGIN
    UPDATE reservation SET
        guest_name = (SELECT full_name FROM guest WHERE id = NEW.guest_id),
        guest_email = (SELECT email FROM guest WHERE id = NEW.guest_id),
        guest_phone = (SELECT phone_number FROM guest WHERE id = NEW.guest_id),
        room_number = (SELECT room_number FROM room WHERE id = NEW.room_id),
        room_type_name = (SELECT name FROM room_type WHERE id = NEW.room_type_id)
    WHERE id = NEW.id;
END;
CREATE TRIGGER reservation_names_update
AFTER UPDATE OF guest_id, room_id, room_type_id, guest_name, guest_email, guest_phone, room_number, room_type_name ON reservation
WHEN EXISTS (
    SELECT 1 FROM guest WHERE id = NEW.guest_id
        AND (full_name IS NOT NEW.guest_name OR email IS NOT NEW.guest_email OR phone_number IS NOT NEW.guest_phone)
) OR NEW.room_number IS NOT (SELECT room_number FROM room WHERE id = NEW.room_id)
  OR NEW.room_type_name IS NOT (SELECT name FROM room_type WHERE id = NEW.room_type_id) BEGIN
    UPDATE reservation SET
        guest_name = (SELECT full_name FROM guest WHERE id = NEW.guest_id),
        guest_email = (SELECT email FROM guest WHERE id = NEW.guest_id),
        guest_phone = (SELECT phone_number FROM guest WHERE id = NEW.guest_id),
        room_number = (SELECT room_number FROM room WHERE id = NEW.room_id),
        room_type_name = (SELECT name FROM room_type WHERE id = NEW.room_type_id)
    WHERE id = NEW.id;
END;
CREATE TRIGGER guest_renamed AFTER UPDATE OF full_name, email, phone_number ON guest
WHEN NEW.full_name IS NOT OLD.full_name OR NEW.email IS NOT OLD.email OR NEW.phone_number IS NOT OLD.phone_number BEGIN
    UPDATE reservation SET guest_name = NEW.full_name, guest_email = NEW.email, guest_phone = NEW.phone_number WHERE guest_id = NEW.id;
END;
CREATE TRIGGER room_renumbered AFTER UPDATE OF room_number ON room WHEN NEW.room_number IS NOT OLD.room_number BEGIN
    UPDATE reservation SET room_number = NEW.room_number WHERE room_id = NEW.id;
END;
CREATE TRIGGER room_type_renamed AFTER UPDATE OF name ON room_type WHEN NEW.name IS NOT OLD.name BEGIN
    UPDATE reservation SET room_type_name = NEW.name WHERE room_type_id = NEW.id;
END;

-- The close of a business day, a row a day; while closed_at is NULL it is under way, and whoever comes next goes on with it.
CREATE TABLE day_close (
    id INTEGER PRIMARY KEY,
    business_date TEXT NOT NULL UNIQUE CHECK (business_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    -- It began by itself at the set hour.
    is_unattended INTEGER NOT NULL DEFAULT 0 CHECK (is_unattended IN (0, 1)),
    -- Why the day was closed ahead of the calendar.
    reason TEXT NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    started_at TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT,
    -- Somebody has read in the morning what was decided.
    seen_at TEXT,
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
) STRICT;
-- What of a close is done, each step in a transaction of its own: none is done twice.
CREATE TABLE day_close_step (
    id INTEGER PRIMARY KEY,
    day_close_id INTEGER NOT NULL REFERENCES day_close (id),
    step TEXT NOT NULL CHECK (step IN ('freeze', 'decisions', 'postings', 'no_shows', 'drawers', 'rooms', 'snapshot', 'roll', 'reports')),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    -- What it came to, as JSON: how many of what, and amounts in minor units.
    sums TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(sums)),
    UNIQUE (day_close_id, step)
) STRICT;
-- What somebody, or the unattended close, has decided of what is open on a day; a row each stay or shift.
CREATE TABLE day_close_decision (
    id INTEGER PRIMARY KEY,
    business_date TEXT NOT NULL,
    reservation_id INTEGER REFERENCES reservation (id),
    shift_id INTEGER REFERENCES shift (id),
    choice TEXT NOT NULL CHECK (choice IN ('no_show', 'carry') OR choice IN ('extend', 'release') OR choice = 'uncounted'),
    -- Nobody chose it: the close did, by its plan.
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
    -- What it put on the bill.
    amount INTEGER NOT NULL DEFAULT 0,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    done_at TEXT,
    -- Taken back on the day after.
    undone_at TEXT,
    CHECK ((reservation_id IS NULL) <> (shift_id IS NULL)),
    CHECK (undone_at IS NULL OR done_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX day_close_decision_stay ON day_close_decision (business_date, reservation_id);
CREATE UNIQUE INDEX day_close_decision_shift ON day_close_decision (shift_id, business_date);
CREATE INDEX day_close_decision_reservation ON day_close_decision (reservation_id) WHERE reservation_id IS NOT NULL;
-- Whether days close by themselves, when, and what is done then with what nobody has decided; one row, there from the
-- first change on.
CREATE TABLE day_close_plan (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    is_on INTEGER NOT NULL DEFAULT 0 CHECK (is_on IN (0, 1)),
    -- The hotel's time of the night after the day: 00:00 to 06:00, by half hours.
    close_time TEXT NOT NULL DEFAULT '03:00' CHECK (close_time GLOB '0[0-5]:[03]0' OR close_time = '06:00'),
    arrivals TEXT NOT NULL DEFAULT 'no_show' CHECK (arrivals IN ('no_show', 'carry')),
    -- From when on who has not come is taken for a no-show; before six in the morning it is after midnight.
    no_show_time TEXT NOT NULL DEFAULT '02:00' CHECK (no_show_time GLOB '[0-2][0-9]:[0-5][0-9]' AND no_show_time < '24:00'),
    departures TEXT NOT NULL DEFAULT 'extend' CHECK (departures IN ('extend', 'carry')),
    options TEXT NOT NULL DEFAULT 'release' CHECK (options IN ('release', 'carry')),
    -- Whether the emergency paper is kept beside the data (src/hotel/emergency).
    keeps_paper INTEGER NOT NULL DEFAULT 0 CHECK (keeps_paper IN (0, 1)),
    -- When the unattended close of the open day was stopped; NULL = it was not.
    stopped_at TEXT,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- How back-up copies are made and kept; one row, there from the first change or the
-- first look of a running program on. An empty folder is `backups` beside the data file.
CREATE TABLE backup_plan (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    is_on INTEGER NOT NULL DEFAULT 1 CHECK (is_on IN (0, 1)),
    -- The hotel's time of day.
    at_time TEXT NOT NULL DEFAULT '03:30',
    folder TEXT NOT NULL DEFAULT '',
    -- Another disk or a stick, where each copy goes as well; empty = none.
    second_folder TEXT NOT NULL DEFAULT '',
    keep_daily INTEGER NOT NULL DEFAULT 7 CHECK (keep_daily BETWEEN 1 AND 366),
    keep_weekly INTEGER NOT NULL DEFAULT 4 CHECK (keep_weekly BETWEEN 0 AND 520),
    keep_monthly INTEGER NOT NULL DEFAULT 12 CHECK (keep_monthly BETWEEN 0 AND 1200),
    -- When the plan began: until the first copy its age counts from here.
    since TEXT NOT NULL,
    last_made_at TEXT,
    -- Since when copies do not reach the second folder: a stick that was pulled out, say.
    second_missed_at TEXT,
    -- The key of encrypted copies: the half that locks, and under the owner's passphrase
    -- the half that opens. Empty = copies are not encrypted.
    public_key TEXT NOT NULL DEFAULT '',
    sealed_key BLOB NOT NULL DEFAULT x'',
    -- Random: tells this hotel's copies from those of another one in the same folder.
    mark TEXT NOT NULL DEFAULT (lower(hex(randomblob(8)))),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Whether other machines reach the hotel; one row, there from the first change on.
CREATE TABLE network (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    is_open INTEGER NOT NULL DEFAULT 0 CHECK (is_open IN (0, 1)),
    -- Of the encrypted connections of other machines.
    port INTEGER NOT NULL DEFAULT 8443 CHECK (port BETWEEN 1 AND 65535),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- How long guests' data is kept; one row, there from the first change or the first night's work on.
CREATE TABLE retention (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Whether anything is erased by itself.
    is_on INTEGER NOT NULL DEFAULT 0 CHECK (is_on IN (0, 1)),
    -- Profiles, after the last stay; NULL = for as long as nobody erases them.
    profile_years INTEGER CHECK (profile_years BETWEEN 1 AND 50),
    -- Documents, addresses and places of birth of those who stayed, after the stay; NULL = as long as the profile.
    registration_months INTEGER CHECK (registration_months BETWEEN 1 AND 240),
    -- Names on invoices of guests who were erased, after they were issued: as long as tax law asks for them.
    invoice_years INTEGER NOT NULL DEFAULT 10 CHECK (invoice_years BETWEEN 1 AND 50),
    -- The day of the hotel's calendar whose night was the last.
    last_run_on TEXT,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Guests erased: the profile's id and when it was made, nothing about the person. The
-- list is kept beside the back-ups too, so that a restored one brings nobody back.
CREATE TABLE erasure (
    id INTEGER PRIMARY KEY,
    guest_id INTEGER NOT NULL,
    guest_created_at TEXT NOT NULL,
    erased_at TEXT NOT NULL,
    UNIQUE (guest_id, guest_created_at)
) STRICT;
CREATE TRIGGER guest_erased AFTER UPDATE OF anonymised_at ON guest WHEN NEW.anonymised_at IS NOT NULL BEGIN
    INSERT INTO erasure (guest_id, guest_created_at, erased_at) VALUES (NEW.id, NEW.created_at, NEW.anonymised_at)
    ON CONFLICT (guest_id, guest_created_at) DO NOTHING;
END;
CREATE TRIGGER guest_deleted AFTER DELETE ON guest BEGIN
    INSERT INTO erasure (guest_id, guest_created_at, erased_at)
    VALUES (OLD.id, OLD.created_at, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    ON CONFLICT (guest_id, guest_created_at) DO NOTHING;
END;

-- How many rows the long lists have, so that a page's total costs one look-up:
-- ('reservation', '', …), ('reservation.status', 'confirmed', …), ('guest', '', …).
CREATE TABLE row_count (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    value TEXT NOT NULL,
    n INTEGER NOT NULL,
    UNIQUE (list, value)
) STRICT;
CREATE TRIGGER reservation_count_insert AFTER INSERT ON reservation BEGIN
    INSERT INTO row_count (list, value, n) VALUES
        ('reservation', '', 1), ('reservation.status', NEW.status, 1),
        ('reservation.source', NEW.source, 1), ('reservation.room_type_id', NEW.room_type_id, 1)
    ON CONFLICT (list, value) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER reservation_count_status AFTER UPDATE OF status ON reservation WHEN NEW.status <> OLD.status BEGIN
    UPDATE row_count SET n = n - 1 WHERE list = 'reservation.status' AND value = OLD.status;
    INSERT INTO row_count (list, value, n) VALUES ('reservation.status', NEW.status, 1) ON CONFLICT (list, value) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER reservation_count_source AFTER UPDATE OF source ON reservation WHEN NEW.source <> OLD.source BEGIN
    UPDATE row_count SET n = n - 1 WHERE list = 'reservation.source' AND value = OLD.source;
    INSERT INTO row_count (list, value, n) VALUES ('reservation.source', NEW.source, 1) ON CONFLICT (list, value) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER reservation_count_room_type AFTER UPDATE OF room_type_id ON reservation WHEN NEW.room_type_id <> OLD.room_type_id BEGIN
    UPDATE row_count SET n = n - 1 WHERE list = 'reservation.room_type_id' AND value = OLD.room_type_id;
    INSERT INTO row_count (list, value, n) VALUES ('reservation.room_type_id', NEW.room_type_id, 1) ON CONFLICT (list, value) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER reservation_is_never_deleted BEFORE DELETE ON reservation
BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER guest_count_insert AFTER INSERT ON guest BEGIN
    INSERT INTO row_count (list, value, n) VALUES ('guest', '', 1) ON CONFLICT (list, value) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER guest_count_merge AFTER UPDATE OF merged_into_id ON guest
WHEN (NEW.merged_into_id IS NULL) <> (OLD.merged_into_id IS NULL) BEGIN
    UPDATE row_count SET n = n + CASE WHEN NEW.merged_into_id IS NULL THEN 1 ELSE -1 END WHERE list = 'guest' AND value = '';
END;
CREATE TRIGGER guest_count_delete AFTER DELETE ON guest WHEN OLD.merged_into_id IS NULL BEGIN
    UPDATE row_count SET n = n - 1 WHERE list = 'guest' AND value = '';
END;
CREATE TRIGGER payment_count_insert AFTER INSERT ON posting WHEN NEW.method IS NOT NULL BEGIN
    INSERT INTO row_count (list, value, n) VALUES ('payment', '', 1) ON CONFLICT (list, value) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER audit_log_count_insert AFTER INSERT ON audit_log BEGIN
    INSERT INTO row_count (list, value, n) VALUES ('audit_log', '', 1) ON CONFLICT (list, value) DO UPDATE SET n = n + 1;
END;

-- What every hotel starts with.
INSERT INTO rate_plan (id, code, name) VALUES (1, 'BAR', 'Best available rate');
INSERT INTO booking_source (name) VALUES ('Direct'), ('Walk-in'), ('Phone'), ('E-mail'), ('Booking.com'), ('Expedia'), ('Agoda'), ('Travel agency'), ('Corporate');
INSERT INTO payment_method (name, kind) VALUES ('cash', 'cash'), ('card', 'card'), ('bank_transfer', 'transfer'), ('qris', 'transfer'),
    ('online', 'other'), ('other', 'other'), ('voucher', 'voucher');
INSERT INTO drawer (id, name) VALUES (1, 'Front desk');
