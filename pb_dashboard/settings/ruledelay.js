// A length of working time: a number and its unit, as "30m", "4h" or "3d".
import { tr, words } from "../lib/i18n.js";
import { select } from "../lib/dom.js";

await words("rules");

/** @param {{label: string, value: string, change: (text: string) => void}} o */
export function delayControl({ label, value, change }) {
    const [, n = "3", unit = "d"] = /^(\d+)([mhd])$/.exec(value || "") || [];
    const now = { n, unit };
    const tell = () => change(now.n + now.unit);
    return t.span(
        { className: "pd-rule-delay" },
        t.input({ type: "number", className: "pd-input", min: "1", max: "9999", step: "1", inputMode: "numeric", ariaLabel: label, value: n, oninput: (e) => ((now.n = String(Math.max(0, Math.trunc(Number(e.target.value)) || 0))), tell()) }),
        select({ label: tr("rules.delay.unit"), value: unit, options: ["m", "h", "d"].map((u) => [u, tr("rules.unit." + u)]), onchange: (u) => ((now.unit = u), tell()) }),
    );
}
