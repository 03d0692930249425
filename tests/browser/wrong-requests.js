// Requests that the type check has to refuse: each line below a mark is wrong, and a mark above a line that is
// right is an error by itself. Never run; `npm run typecheck` reads it.
import { api } from "../../static/js/api.js";

const { signal } = new AbortController();

export async function wrong() {
  // @ts-expect-error A path that is not there.
  await api.get("/api/room/{id}", { id: 1 }, signal);
  // @ts-expect-error A path that is there, without this method.
  await api.post("/api/rooms/{id}", { id: 1 }, {});
  // @ts-expect-error The path's parameter is missing.
  await api.get("/api/rooms/{id}", {}, signal);
  // @ts-expect-error A parameter that the path does not have.
  await api.get("/api/rooms/{id}", { id: 1, room_id: 2 }, signal);
  // @ts-expect-error A parameter where there are none.
  await api.get("/api/settings", { q: "anna" }, signal);
  // @ts-expect-error A filter with another name.
  await api.get("/api/guests", { query: "anna" }, signal);
  // @ts-expect-error A filter with a value that nobody has.
  await api.get("/api/reservations", { status: "checkedin" }, signal);
  // @ts-expect-error What has to be asked is not.
  await api.get("/api/rooms/available", { check_in_date: "2025-11-10" }, signal);
  // @ts-expect-error A field of the body that is not there.
  await api.post("/api/reservations/{id}/cancel", { id: 1 }, { why: "ill" });
  // @ts-expect-error A field of the body that is missing.
  await api.post("/api/payments", {}, { reservation_id: 1, payment_method: "cash" });
  // @ts-expect-error A field of another type.
  await api.patch("/api/rooms/{id}", { id: 1 }, { floor: "second" });
  const room = await api.get("/api/rooms/{id}", { id: 1 }, signal);
  // @ts-expect-error A field that the answer does not have.
  return room.number;
}

export async function right() {
  const room = await api.get("/api/rooms/{id}", { id: 1 }, signal);
  await api.patch("/api/rooms/{id}", { id: room.id }, { floor: (room.floor ?? 0) + 1, version: room.version });
  return room.room_number;
}
