// Rules that block, hold or let through, whatever else is said of a message.
import { tr, words } from "../lib/i18n.js";
import { chip } from "../lib/dom.js";
import { ago, exact, parse } from "../lib/time.js";
import { countryName } from "../desk/signalwords.js";
import { recordsScreen } from "./records.js";

await words("settings", "signals");

const kinds = ["email", "domain", "ip", "phone", "keyword", "url", "regex", "country"];
const tone = { block: "bad", quarantine: "warn", allow: "ok" };

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    return recordsScreen(ctx, {
        key: "block_rules",
        name: "blockrules",
        blank: { kind: "email", value: "", action: "quarantine", note: "", expires: "" },
        specs: () => [
            { name: "kind", type: "select", label: tr("blockrules.kind"), options: kinds.map((k) => [k, tr("rulekind." + k)]) },
            { name: "action", type: "select", label: tr("blockrules.action"), options: Object.keys(tone).map((a) => [a, tr("blockrules.action." + a)]) },
            { name: "value", type: "text", label: tr("blockrules.value"), help: tr("blockrules.value.help"), max: 512, wide: true },
            { name: "note", type: "text", label: tr("form.note"), help: tr("blockrules.note.help") },
            { name: "expires", type: "date", label: tr("blockrules.expires"), help: tr("blockrules.expires.help") },
        ],
        line: (r) => [
            chip(tr("blockrules.action." + r.action), tone[r.action]),
            t.span({ className: "pd-record-main" }, t.span({ className: "pd-hint" }, tr("rulekind." + r.kind)), " ", t.strong({}, r.value), country(r), r.note ? t.span({ className: "pd-hint" }, " · ", r.note) : null),
            r.expires ? chip(expiry(r), parse(r.expires) < Date.now() ? "plain" : "info", exact(r.expires), "timer-line") : null,
            t.span({ className: "pd-hint pd-hits" }, tr("form.hits", { n: r.hits || 0 })),
        ],
    });
}

/** "TW" says more with its name beside it. */
const country = (r) => r.kind == "country" ? t.span({}, " ", countryName(r.value)) : null;

const expiry = (r) => parse(r.expires) < Date.now() ? tr("blockrules.over") : tr("blockrules.until", { when: ago(r.expires) });
