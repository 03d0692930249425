// The UI stays small: an old tablet on a weak network opens it in a moment.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUDGET_BYTES, measure } from "../budget.mjs";

export const budgetFlows = () =>
  describe("the bytes of the UI", () => {
    it("all modules and style sheets together stay within 149 KB as sent", async () => {
      const { languages, js, css } = await measure();
      // As many as there are at least: what is not found weighs nothing.
      assert.ok(js > 40 * 1024 && css > 8 * 1024, `only ${js} + ${css} bytes were found`);
      assert.ok(languages > 1, `only ${languages} language was found`);
      assert.ok(js + css <= BUDGET_BYTES, `${js} + ${css} bytes are more than ${BUDGET_BYTES}`);
    });
  });
