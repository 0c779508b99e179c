// The clock of a call that goes on while something else is written.
import { minutes } from "../lib/time.js";

/** @param {import("./draft.js").Draft} s */
export function running(s) {
    const ui = store({ now: Date.now() });
    let timer;
    return t.span(
        { className: "pd-tab-clock", onmount: () => (timer = setInterval(() => (ui.now = Date.now()), 1000)), onunmount: () => clearInterval(timer) },
        () => minutes(Math.max(0, ui.now - s.call.since) / 1000),
    );
}
