/**
 * What the API answers, by the names the hotel uses.
 * Written by hand after the API's description; holds shapes only, never behaviour.
 */

/** `YYYY-MM-DD`; a civil date, compared and kept as text. */
export type DateText = string;
/** RFC 3339, UTC. */
export type InstantText = string;
/** An exact decimal number in the property's currency. */
export type Amount = number;

export type Role = "owner" | "manager" | "receptionist" | "housekeeper" | "read_only";
export type Housekeeping = "clean" | "dirty" | "inspected";
export type ReservationStatus =
  "tentative" | "confirmed" | "checked_in" | "checked_out" | "cancelled" | "no_show";
export type ReservationEvent =
  | "confirm"
  | "check_in"
  | "check_out"
  | "cancel"
  | "no_show"
  | "extend"
  | "move"
  | "undo_check_in"
  | "undo_check_out"
  | "reinstate";
export type Area =
  "reservations" | "rooms" | "room_types" | "guests" | "payments" | "rates" | "users" | "settings";

export interface Paged<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
  pages: number;
}
export interface Items<T> {
  items: T[];
}

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: { field: string; message: string }[];
  /** The refusal can be overridden with a reason. */
  can_override?: boolean;
  /** What a check-out that was refused for it would leave unpaid. */
  balance?: Amount;
}

export interface User {
  id: number;
  username: string;
  full_name: string;
  role: Role;
  is_active: boolean;
  version: number;
}
export interface Property {
  name: string;
  currency: string;
  currency_exponent: number;
  time_zone: string;
  locale: string;
  business_date: DateText;
  check_in_time: string;
  check_out_time: string;
  is_demo: boolean;
}
export interface Me {
  user: User;
  property: Property;
}
export interface LoginAnswer {
  access_token: string;
  token_type: string;
  expires_at: InstantText;
  user: User;
}
export interface SetupState {
  needed: boolean;
  code_required: boolean;
  demo: boolean;
}
export interface Settings extends Property {
  calendar_date: DateText;
  address: string;
  phone: string;
  email: string;
  required_guest_fields: string[];
  cancellation_free_hours: number;
  cancellation_fee_kind: FeeKind;
  cancellation_fee_percent: number;
  no_show_fee_kind: FeeKind;
  no_show_fee_percent: number;
  rate_limit_per_minute: number;
  version: number;
}
/** A booking source or a payment method: an entry of an editable list. */
export interface ListEntry {
  id: number;
  name: string;
  is_active: boolean;
}

export type FeeKind = "none" | "first_night" | "percent";
export type Duty = "turnover" | "departure" | "arrival" | "stay_over" | "vacant" | "out_of_order";
/** A room as housekeeping sees it. */
export interface Task extends Room {
  duty: Duty;
  is_open: boolean;
  departure_date: DateText | null;
  arriving: { adults: number; children: number; is_vip: boolean; special_requests: string } | null;
}
export interface Board {
  date: DateText;
  items: Task[];
}
export interface MethodTotal {
  payment_method: string;
  count: number;
  received_amount: Amount;
  returned_amount: Amount;
  amount: Amount;
}
export interface PaymentTotals {
  days: { date: DateText; amount: Amount; by_method: MethodTotal[] }[];
  by_method: MethodTotal[];
  amount: Amount;
}
export interface Figures {
  rooms_available: number;
  sold: number;
  occupancy_rate: number;
  occupancy_rate_with_ooo: number;
  rooms_out_of_order: number;
  room_revenue: Amount;
  adr: Amount;
  revpar: Amount;
}
export interface Stats {
  from: DateText;
  to: DateText;
  days: (Figures & { date: DateText })[];
  months: (Figures & { month: string })[];
  total: Figures;
  reservations_by_source: { source: string; count: number; nights: number; room_revenue: Amount }[];
  reservations_by_status: { status: ReservationStatus; count: number }[];
}

export interface RoomType {
  id: number;
  name: string;
  code: string;
  capacity_adults: number;
  capacity_children: number;
  bed_config: string;
  default_rate: Amount;
  amenities: string[];
  room_count: number;
  version: number;
}
export interface Room {
  id: number;
  room_number: string;
  floor: number | null;
  room_type_id: number;
  room_type_name: string;
  housekeeping: Housekeeping;
  occupancy: "vacant" | "occupied";
  reported_occupancy: "vacant" | "occupied" | null;
  discrepancy: "skip" | "sleep" | null;
  block: { id: number; kind: "out_of_order" | "out_of_service"; reason: string; end_date: DateText } | null;
  view_type: string;
  notes: string;
  guest_name: string | null;
  version: number;
}
export interface Block {
  id: number;
  room_id: number;
  room_number: string;
  kind: "out_of_order" | "out_of_service";
  start_date: DateText;
  end_date: DateText;
  reason: string;
}
export interface FreeRoom {
  id: number;
  room_number: string;
  housekeeping: Housekeeping;
}
export interface NightRate {
  date: DateText;
  rate: Amount;
}
export interface Availability {
  room_type_id: number;
  name: string;
  capacity_adults: number;
  capacity_children: number;
  available_count: number;
  total_rooms: number;
  rooms: FreeRoom[];
  nightly: NightRate[];
  total_amount: Amount;
  split: { room_id: number; room_number: string; from: DateText; to: DateText }[] | null;
}

export interface Guest {
  id: number;
  full_name: string;
  email: string;
  phone_number: string;
  id_type: string;
  id_number: string;
  nationality: string;
  birth_date: DateText | null;
  is_vip: boolean;
  notes: string;
  stay_count: number;
  is_anonymised: boolean;
  merged_into_id: number | null;
  version: number;
}
/** The fields a person types about a guest. */
export interface GuestDraft {
  full_name: string;
  email?: string;
  phone_number?: string;
  id_type?: string;
  id_number?: string;
  nationality?: string;
  birth_date?: DateText | null;
  is_vip?: boolean;
  notes?: string;
  version?: number;
}

export interface Reservation {
  id: number;
  confirmation_number: string;
  status: ReservationStatus;
  guest_id: number;
  guest_name: string;
  guest_email: string;
  guest_phone: string;
  room_id: number | null;
  room_number: string | null;
  room_type_id: number;
  room_type_name: string;
  check_in_date: DateText;
  check_out_date: DateText;
  nights: number;
  adults: number;
  children: number;
  source: string;
  total_amount: Amount;
  total_paid: Amount;
  balance: Amount;
  room_amount: Amount;
  notes: string;
  special_requests: string;
  is_room_locked: boolean;
  is_day_use: boolean;
  created_at: InstantText;
  version: number;
  allowed_events: ReservationEvent[];
}
export interface ReservationNight {
  date: DateText;
  rate: Amount;
  room_id: number | null;
  room_number: string | null;
  is_posted: boolean;
  is_rate_typed: boolean;
}
export interface ReservationDetail extends Reservation {
  nightly: ReservationNight[];
  cancellation: { free_until: InstantText | null; fee_now: Amount };
  guest_is_vip: boolean;
  guest_notes: string;
  room_housekeeping: Housekeeping | null;
  room_occupancy: "vacant" | "occupied" | null;
}
export interface Quote {
  room_amount: Amount;
  new_amount: Amount;
  difference: Amount;
  rerated_difference: Amount;
}
export interface ReservationDraft {
  guest_id?: number;
  guest?: GuestDraft;
  room_id?: number;
  room_type_id?: number;
  check_in_date: DateText;
  check_out_date: DateText;
  adults: number;
  children: number;
  source?: string;
  notes?: string;
  special_requests?: string;
  status?: "tentative" | "confirmed";
  nightly?: NightRate[];
}
export interface ReservationChange {
  check_in_date?: DateText;
  check_out_date?: DateText;
  room_id?: number | null;
  room_type_id?: number;
  adults?: number;
  children?: number;
  source?: string;
  notes?: string;
  special_requests?: string;
  is_room_locked?: boolean;
  nightly?: NightRate[];
  status?: "confirmed";
  version?: number;
}

export interface FolioLine {
  id: number;
  date: DateText;
  night: DateText | null;
  kind: string;
  description: string;
  quantity: number;
  unit_amount: Amount;
  amount: Amount;
  voided: boolean;
  reverses_id: number | null;
  created_at: InstantText;
  created_by: string;
}
export interface Payment {
  id: number;
  reservation_id: number;
  confirmation_number: string;
  guest_name: string;
  notes: string;
  created_at: InstantText;
  amount: Amount;
  kind: "payment" | "refund" | "void";
  payment_method: string;
  payment_type: string;
  payment_date: DateText;
  reference_number: string;
  status: "active" | "voided" | "refunded" | "partly_refunded";
  reverses_id: number | null;
  created_by: string;
}
export interface Folio {
  reservation_id: number;
  lines: FolioLine[];
  unposted: NightRate[];
  payments: Payment[];
  total_amount: Amount;
  total_paid: Amount;
  balance: Amount;
}

export interface System {
  version: string;
  started_at: InstantText;
  alerts: {
    code: "slow_requests" | "errors" | "disk_space" | "memory" | "backup_age";
    since: InstantText;
    value: number;
    threshold: number;
    unit: string;
  }[];
  thresholds: Record<
    | "slow_requests_percent"
    | "errors_percent"
    | "disk_space_megabytes"
    | "memory_megabytes"
    | "backup_age_hours",
    number
  >;
  requests: { total: number; errors: number; slow: number; slow_after_ms: number };
  routes: {
    route: string;
    method: string;
    pattern: string;
    requests: number;
    errors: number;
    p50_ms: number;
    p99_ms: number;
  }[];
  slow_requests: {
    at: InstantText;
    route: string;
    method: string;
    pattern: string;
    status: number;
    duration_ms: number;
  }[];
  slow_statements: {
    at: InstantText;
    statement: string;
    text: string;
    plan: string[];
    duration_ms: number;
  }[];
  cache: { entries: number; hits: number; hit_percent: number };
  database: { database_bytes: number; wal_bytes: number; commits: number };
  pool: { connections: number; idle: number; waits: number; timeouts: number };
  disk: { free_bytes: number; total_bytes: number } | null;
  memory_bytes: number | null;
  backup: { last_at: InstantText | null; age_seconds: number | null };
}

export interface AuditEntry {
  id: number;
  at: InstantText;
  username: string;
  address: string;
  action: string;
  entity: string;
  entity_id: number | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export interface ChartStay {
  reservation_id: number;
  confirmation_number: string;
  room_id: number | null;
  room_type_id: number;
  from: DateText;
  to: DateText;
  check_in_date: DateText;
  check_out_date: DateText;
  guest_name: string;
  status: ReservationStatus;
  adults: number;
  children: number;
  balance: Amount;
  source: string;
  is_vip: boolean;
  is_room_locked: boolean;
  starts_here: boolean;
  ends_here: boolean;
  version: number;
}
export interface ChartRoom {
  id: number;
  room_number: string;
  floor: number | null;
  room_type_id: number;
  housekeeping: Housekeeping;
  occupancy: "vacant" | "occupied";
}
export interface ChartDay {
  date: DateText;
  sold: number;
  available: number;
  occupancy_rate: number;
  by_type: { room_type_id: number; free: number }[];
}
export interface TapeChart {
  from: DateText;
  days: number;
  business_date: DateText;
  room_types: { id: number; name: string; code: string; total_rooms: number }[];
  rooms: ChartRoom[];
  stays: ChartStay[];
  blocks: Block[];
  daily: ChartDay[];
}

export interface HouseDay {
  date: DateText;
  arrivals: number;
  departures: number;
  sold: number;
  available: number;
  occupancy_rate: number;
}
export interface HouseStatus {
  date: DateText;
  arrivals: number;
  arrivals_pending: number;
  departures: number;
  departures_pending: number;
  in_house: number;
  stay_overs: number;
  unassigned: number;
  rooms: {
    total: number;
    occupied: number;
    vacant: number;
    clean: number;
    dirty: number;
    inspected: number;
    out_of_order: number;
    out_of_service: number;
  };
  occupancy_rate: number;
  revenue_today: Amount;
  balance_due: Amount;
  next_7_days: HouseDay[];
}
export interface SearchAnswer {
  guests: { id: number; full_name: string; email: string; phone_number: string; is_vip: boolean }[];
  reservations: {
    id: number;
    confirmation_number: string;
    guest_name: string;
    room_number: string | null;
    status: ReservationStatus;
    check_in_date: DateText;
    check_out_date: DateText;
  }[];
  rooms: {
    id: number;
    room_number: string;
    room_type_name: string;
    occupancy: "vacant" | "occupied";
    guest_name: string | null;
  }[];
}

/** What an element may hold; lists may lie in lists, and what is not there is left out. */
export type Child = Node | string | number | null | undefined | false | Child[];

/** What a page module of the router exports. */
export interface PageModule {
  title: () => string;
  render: (params: Record<string, string>, signal: AbortSignal) => Node | Promise<Node>;
}
