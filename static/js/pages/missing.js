/**
 * An address that leads nowhere.
 */
import { h } from "../dom.js";
import { pageHead } from "../elements/page-head.js";
import { t } from "../i18n.js";

export const title = () => t("missing.title");

export const render = () =>
  h(
    "div",
    { class: "page" },
    pageHead({ title: t("missing.title"), lead: t("missing.text") }),
    h("a", { class: "button", href: "/" }, t("missing.home")),
  );
