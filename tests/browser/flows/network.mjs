// The hotel opened to other machines and closed again: by its switch, over TLS, and over a restart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "node:tls";
import { PHONE, axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, startInnkeeper } from "../innkeeper.mjs";

/** The SHA-256 of the certificate that is shown at an address. @param {string} url @returns {Promise<string>} */
const fingerprintAt = (url) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.end();
    });
    socket.once("error", reject);
  });

export function networkFlows(hotel) {
  test("the owner opens the hotel to other machines, a phone signs in, and the switch closes it again", async () => {
    const env = { INNKEEPER_LAN_LISTEN: "127.0.0.1:0" };
    const first = await startInnkeeper(["demo", "--rooms", "3", "--business-date", BUSINESS_DATE], { env });
    const owner = await openPage(hotel.browser, first.url, { with_axe: true });
    await signIn(owner.page);
    await owner.page.goto("/settings");
    await owner.page.getByText("Only this computer can open Innkeeper.").waitFor();
    await owner.page.getByRole("button", { name: "Open to the network" }).click();
    const link = owner.page.locator(".ways a");
    await link.waitFor();
    const address = (await link.textContent()) ?? "";
    assert.match(address, /^https:\/\/127\.0\.0\.1:\d+\/$/);
    await owner.page.getByRole("img", { name: `QR code: ${address}` }).waitFor();
    assert.equal(await owner.page.locator("[data-fingerprint]").textContent(), await fingerprintAt(address));
    await owner.page.getByText("If devices cannot connect").click();
    await owner.page.getByText(/^sudo ufw allow \d+\/tcp$/).waitFor();
    assert.deepEqual(await axeFindings(owner.page), []);

    const phone = await openPage(hotel.browser, address, { size: PHONE, touch: true, trusts_all: true });
    await signIn(phone.page);
    await settled(phone.page);
    const cookies = await phone.page.context().cookies();
    assert.ok(cookies.length > 0 && cookies.every(({ secure, httpOnly }) => secure && httpOnly));
    const plain = await fetch(address.replace("https:", "http:"), { redirect: "manual" });
    assert.deepEqual([plain.status, plain.headers.get("location")], [307, address]);

    await owner.page.getByRole("button", { name: "Close to the network" }).click();
    await owner.page.getByText("Only this computer can open Innkeeper.").waitFor();
    await assert.rejects(fingerprintAt(address));
    await owner.page.getByRole("button", { name: "Open to the network" }).click();
    await link.waitFor();
    const kept = await owner.page.locator("[data-fingerprint]").textContent();
    assert.deepEqual(owner.complaints, []);
    await Promise.all([owner.close(), phone.close(), first.kill()]);

    const again = await startInnkeeper(["serve"], { folder: first.folder, env });
    const later = await openPage(hotel.browser, again.url);
    await signIn(later.page);
    await later.page.goto("/settings");
    assert.equal(await later.page.locator("[data-fingerprint]").textContent(), kept);
    assert.equal(await fingerprintAt((await later.page.locator(".ways a").textContent()) ?? ""), kept);
    await later.close();
    await again.stop();
  });
}
