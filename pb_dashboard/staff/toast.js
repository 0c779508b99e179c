// Short messages that come and go, told to screen readers too.
import { icon } from "../lib/dom.js";

const signs = { ok: "check-line", info: "information-line", error: "error-warning-line" };

/** @returns {{el: HTMLElement, ok: Function, info: Function, error: Function}} */
export function toasts() {
    const polite = t.div({ className: "toasts", role: "status" });
    const alerts = t.div({ className: "toasts", role: "alert" });
    const say = (kind, wait) => (text) => {
        const box = t.div({ className: "toast is-" + kind }, icon(signs[kind]), t.span({}, text));
        const away = () => (box.matches(":hover") ? setTimeout(away, 1000) : box.remove());
        box.onclick = () => box.remove();
        (kind == "error" ? alerts : polite).append(box);
        setTimeout(away, wait);
    };
    return {
        el: t.div({ className: "toast-corner pd" }, polite, alerts),
        ok: say("ok", 3500),
        info: say("info", 5000),
        error: say("error", 7000),
    };
}
