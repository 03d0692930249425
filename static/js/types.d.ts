/**
 * What the API answers, by the names the hotel uses. The shapes are those of the API's own description,
 * which the type check asks the executable for; only what it does not say is written here.
 */
import type * as Schema from "innkeeper/api";

/** `YYYY-MM-DD`; a civil date, compared and kept as text. */
export type DateText = string;
/** RFC 3339, UTC. */
export type InstantText = string;
/** An exact decimal number in the property's currency. */
export type Amount = Schema.Amount;

export type Role = Schema.Role;
export type Housekeeping = Schema.Housekeeping;
export type ReservationStatus = Schema.ReservationStatus;
export type ReservationEvent = Schema.Event;
export type Overdue = Schema.Overdue;
/** What the stream of changes names. */
export type Area =
  | "reservations"
  | "rooms"
  | "room_types"
  | "guests"
  | "payments"
  | "rates"
  | "users"
  | "settings"
  | "backups"
  | "network";

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

/** A problem, with what a refusal may carry. */
export interface ProblemBody extends Partial<Schema.Problem> {
  /** The refusal can be overridden with a reason. */
  can_override?: boolean;
  /** By sending this along. */
  override_with?: "override_dirty" | "override_capacity";
}

export type User = Schema.UserView;
export type Property = Schema.PropertyView;
export type Me = Schema.MeView;
/** The browser, if it is registered, and who can sign in by PIN there. */
export type ThisDevice = Schema.ThisDeviceView;
export type Device = Schema.DeviceView;
export type LoginAnswer = Schema.LoginView;
export type SetupState = Schema.SetupState;
export type Settings = Schema.SettingsView;
export type ChangedSettings = Schema.ChangedSettingsView;
/** A booking that lost its room to a guest who has not left. */
export type Displaced = Schema.DisplacedView;
/** A booking source or a payment method: an entry of an editable list. */
export type ListEntry = Schema.ListEntryView;
export type Limit = Schema.LimitView;
export type OwnersException = Schema.ExceptionView;

export type Backup = Schema.BackupView;
export type BackupPlan = Schema.PlanView;
export type Restored = Schema.RestoreView;

export type Board = Schema.BoardView;
/** A room as housekeeping sees it. */
export type Task = Schema.TaskView;
export type Duty = Schema.Duty;
export type PaymentTotals = Schema.TotalsView;
export type Stats = Schema.StatsView;
export type Figures = Schema.Figures;
export type System = Schema.SystemView;
export type Network = Schema.LanView;
export type BackupState = Schema.StateView;
export type Session = Schema.SessionView;
export type RatePlan = Schema.RatePlanView;
export type Rate = Schema.RateView;
export type FeeKind = Schema.FeeKind;
/** What cancelling and not coming cost. */
export type Policy = Schema.PolicyView;
export type PolicyDraft = Schema.PolicyRequest;
export type RoomType = Schema.RoomTypeView;
export type Room = Schema.RoomView;
export type Block = Schema.BlockView;
export type FreeRoom = Schema.FreeRoom;
export type NightRate = Schema.NightRate;
export type Availability = Schema.AvailableType;

export type Guest = Schema.GuestView;
/** The fields a person types about a guest. */
export type GuestDraft = Schema.GuestRequest;

export type StayGuest = Schema.StayGuestView;
export type StayGuests = Schema.StayGuestsView;
export type StayGuestsDraft = Schema.StayGuestsRequest;

export type Reservation = Schema.ReservationView;
/** What leaving today does to the bill. */
export type Departure = Schema.DepartureView;
/** A longer stay, priced and not booked. */
export type Extension = Schema.ExtensionView;
export type ExtensionOption = Schema.ExtensionOption;
export type ReservationNight = Schema.NightView;
export type ReservationDetail = Schema.ReservationDetail;
export type Quote = Schema.QuoteView;
export type ReservationDraft = Schema.BookingRequest;
export type ReservationChange = Schema.ReservationChange;

export type FolioLine = Schema.ChargeView;
export type Payment = Schema.PaymentView;
export type PaymentDetail = Schema.PaymentDetail;
export type Folio = Schema.FolioView;

export interface AuditEntry extends Schema.AuditEntry {
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export type ChartStay = Schema.ChartStay;
export type ChartRoom = Schema.ChartRoom;
export type ChartDay = Schema.ChartDay;
export type TapeChart = Schema.ChartView;
export type HouseDay = Schema.DayAhead;
export type DayClose = Schema.DayCloseView;
export type OpenStay = Schema.OpenStay;
export type HouseStatus = Schema.TodayView;
export type SearchAnswer = Schema.SearchView;

/** What an element may hold; lists may lie in lists, and what is not there is left out. */
export type Child = Node | string | number | null | undefined | false | Child[];

/** What a page module of the router exports. */
export interface PageModule {
  title: () => string;
  render: (params: Record<string, string>, signal: AbortSignal) => Node | Promise<Node>;
}
