// The UI stays small: an old tablet on a weak network opens it in a moment.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUDGET_BYTES, measure } from "../budget.mjs";

export const budgetFlows = () =>
  describe("the bytes of the UI", () => {
    it("all modules and style sheets together stay within 120 KB as sent", async () => {
      const { files, languages, js, css } = await measure();
      assert.ok(files.length > 50, `only ${files.length} files were found`);
      assert.ok(languages > 1, `only ${languages} language was found`);
      assert.ok(js + css <= BUDGET_BYTES, `${js} + ${css} bytes are more than ${BUDGET_BYTES}`);
    });
  });
