/**
 * What pages and elements agree on, and how requests are typed. What the API takes and answers is not written
 * here: `innkeeper/api` is made from its own description, which the type check asks the executable for.
 */
import type { Paths, Problem } from "innkeeper/api";

/** `YYYY-MM-DD`; a civil date, compared and kept as text. */
export type DateText = string;

/** What the stream of changes names. */
export type Area =
  | "accounts"
  | "articles"
  | "companies"
  | "invoices"
  | "groups"
  | "taxes"
  | "reservations"
  | "rooms"
  | "room_types"
  | "guests"
  | "payments"
  | "till"
  | "rates"
  | "registration"
  | "users"
  | "settings"
  | "day_close"
  | "backups"
  | "network"
  | "retention";

/** A page of any list. */
export interface Paged<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
  pages: number;
}

/** A problem, with what a refusal may carry. */
export interface ProblemBody extends Partial<Problem> {
  /** The refusal can be overridden with a reason. */
  can_rerate?: boolean;
  can_override?: boolean;
  /** By sending this along. */
  override_with?: "override_dirty" | "override_capacity" | "override_restrictions" | "override_limit";
}

export type Method = "get" | "post" | "put" | "patch" | "delete";
/** The paths that have a method. */
export type PathOf<M extends Method> = {
  [P in keyof Paths]: M extends keyof Paths[P] ? P : never;
}[keyof Paths];
type Request<M extends Method, P extends PathOf<M>> = Paths[P] extends Record<M, infer R> ? R : never;
/** What a request names in its path and asks behind it. */
export type Params<M extends Method, P extends PathOf<M>> =
  Request<M, P> extends { params: infer T } ? T : never;
export type Body<M extends Method, P extends PathOf<M>> = Request<M, P> extends { body: infer T } ? T : never;
export type Answer<M extends Method, P extends PathOf<M>> =
  Request<M, P> extends { answer: infer T } ? T : never;

type Write<M extends Method> = <P extends PathOf<M>>(
  path: P,
  params: Params<M, P>,
  body: Body<M, P>,
  key?: string,
) => Promise<Answer<M, P>>;

/** The API as pages call it. */
export interface Client {
  get<P extends PathOf<"get">>(
    path: P,
    params: Params<"get", P>,
    signal?: AbortSignal,
  ): Promise<Answer<"get", P>>;
  post: Write<"post">;
  put: Write<"put">;
  patch: Write<"patch">;
  delete<P extends PathOf<"delete">>(path: P, params: Params<"delete", P>): Promise<Answer<"delete", P>>;
}

/** What an element may hold; lists may lie in lists, and what is not there is left out. */
export type Child = Node | string | number | null | undefined | false | Child[];

/** What a page module of the router exports. */
export interface PageModule {
  title: () => string;
  render: (params: Record<string, string>, signal: AbortSignal) => Node | Promise<Node>;
}
