/**
 * The switch that opens the hotel to other machines, and how those get there: addresses, a picture for
 * phones, the certificate to compare, and what lets them through a firewall.
 */
import { api } from "../../api.js";
import { h, svg } from "../../dom.js";
import { button } from "../../elements/button.js";
import { saveChange } from "../../failure.js";
import { field, formError, input, onSubmit } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { once } from "../../intents.js";

/** @typedef {import("innkeeper/api").LanView} Network */

const NAME_TAKES_MS = 2000;

/** @param {AbortSignal} signal */
export function networkCard(signal) {
  let timer = 0;
  const body = h("div", { class: "card-body stack" });
  /** @type {() => Promise<unknown>} */
  const refresh = keepFresh(
    body,
    {
      areas: ["network"],
      load: async () => {
        const network = await api.get("/api/network", {}, signal);
        // The name takes a moment to be known.
        clearTimeout(timer);
        if (network.certificate && !network.is_named && !network.name_problem)
          timer = window.setTimeout(() => void refresh(), NAME_TAKES_MS);
        return network;
      },
      show: (network) => [
        h("p", {}, t(network.is_open ? "network.open" : "network.shut")),
        network.problem && h("p", { class: "form-error", role: "alert" }, network.problem),
        h("div", {}, opener(network, refresh, signal)),
        network.places.length > 0 && ways(network),
        network.certificate && !network.places.length && h("p", { class: "mark-warn" }, t("network.nowhere")),
        network.certificate && trust(network.certificate),
        network.is_open && firewall(network),
        portForm(network, refresh, signal),
      ],
      skeleton: () => skeletonLines(4),
      is_busy: () => body.contains(document.activeElement) && document.activeElement?.localName === "input",
    },
    signal,
  );
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return h("section", { class: "card" }, h("header", { class: "card-head" }, h("h2", {}, t("network.title"))), body);
}

/**
 * @param {Network} network
 * @param {() => Promise<unknown>} refresh
 * @param {AbortSignal} signal
 */
const opener = ({ is_open, version }, refresh, signal) =>
  button({
    label: t(is_open ? "network.close" : "network.let_in"),
    look: is_open ? undefined : "primary",
    key: "network",
    signal,
    onclick: (anchor) =>
      void once(anchor, async () => {
        await saveChange(() => api.patch("/api/network", {}, { is_open: !is_open, version }), () => void refresh());
        await refresh();
      }),
  });

/** @param {Network} network */
const ways = ({ places, qr, is_named, name_problem }) =>
  h(
    "div",
    { class: "ways" },
    qr &&
      h(
        "figure",
        {},
        svg(
          "svg",
          { viewBox: `0 0 ${qr.side} ${qr.side}`, class: "qr", role: "img", "aria-label": t("network.qr", { url: qr.url }) },
          svg("path", { d: qr.path }),
        ),
        h("figcaption", { class: "field-hint" }, t("network.phone")),
      ),
    h(
      "ul",
      { class: "lines grow" },
      places.map(({ url, card }) =>
        h("li", {}, h("a", { href: url, class: "grow" }, url), h("span", { class: "muted" }, card)),
      ),
      !is_named && name_problem && h("li", { class: "muted" }, icon("warning"), t("network.nameless")),
    ),
  );

/** @param {NonNullable<Network["certificate"]>} certificate */
const trust = ({ is_own, sha256 }) =>
  h(
    "details",
    { open: !is_own },
    h("summary", {}, t("network.certificate")),
    !is_own && h("p", { class: "muted" }, t("network.warning")),
    h("p", { class: "code", "data-fingerprint": "" }, sha256),
  );

/** @param {Network} network */
const firewall = ({ firewall: hints }) =>
  h(
    "details",
    {},
    h("summary", {}, t("network.firewall")),
    h("p", { class: "muted" }, t("network.firewall_hint")),
    hints.map(({ system, command }) => [h("h3", { class: "field-label" }, system), h("p", { class: "code" }, command)]),
  );

/**
 * @param {Network} network
 * @param {() => Promise<unknown>} refresh
 * @param {AbortSignal} signal
 */
function portForm({ port, version, command_line }, refresh, signal) {
  if (command_line) return h("p", { class: "field-hint" }, t("network.command_line", { address: command_line }));
  const form = h(
    "form",
    { class: "form" },
    field(
      { label: t("network.port"), name: "port" },
      input({ type: "number", min: 1, max: 65535, required: true, value: port }),
    ),
    formError(),
    h("div", {}, h("button", { type: "submit", class: "button" }, t("action.save"))),
  );
  onSubmit(
    form,
    async (values) => {
      const change = { port: Number(values.port), version };
      await saveChange(() => api.patch("/api/network", {}, change), () => void refresh());
      void refresh();
    },
    signal,
  );
  return h("details", {}, h("summary", {}, t("network.port")), form);
}
