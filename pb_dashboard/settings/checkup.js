// A look at all that the desk depends on, with what to do where something is wrong.
import { language, tr, trOr, words } from "../lib/i18n.js";
import { box, button, empty, failed, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";

await words("mailset");

const signs = { fail: "close-circle-fill", warn: "error-warning-fill", ok: "checkbox-circle-fill", off: "indeterminate-circle-line" };
const order = Object.keys(signs);

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ phase: "idle", error: "", checks: box([]), at: "", since: 0 });
    let timer;
    const run = async () => {
        s.phase = "running";
        s.since = 0;
        clearInterval(timer);
        timer = setInterval(() => s.since++, 1000);
        try {
            s.checks = box((await ctx.api.doctor(language())).checks || []);
            s.at = new Date().toISOString();
            s.phase = "done";
        } catch (err) {
            s.error = err?.status == 404 ? tr("checkup.missing") : sentence(err);
            s.phase = "error";
        } finally {
            clearInterval(timer);
        }
    };
    if (!ctx.me.can?.admin) return t.p({ className: "pd-notice" }, icon("lock-line"), tr("incoming.admins"));
    return t.div(
        { className: "pd-records", onunmount: () => clearInterval(timer) },
        t.div(
            { className: "pd-settings-intro" },
            t.p({}, tr("checkup.intro")),
            button({ label: tr("checkup.run"), icon: "stethoscope-line", kind: "primary", disabled: () => s.phase == "running", run }),
        ),
        t.div({ className: "pd-checkup-state", role: "status" }, () => {
            if (s.phase == "running") {
                return t.div(
                    { rid: "running", className: "pd-checkup-running" },
                    t.progress({ ariaLabel: tr("checkup.running") }),
                    t.p({}, tr("checkup.running"), " ", t.span({ className: "pd-hint" }, () => tr("checkup.seconds", { n: s.since }))),
                );
            }
            return s.phase == "done" ? t.p({ rid: "sum" + s.at, className: "pd-checkup-sum" }, sum(s.checks.value), " ", t.span({ className: "pd-hint" }, when(s.at))) : null;
        }),
        () => {
            if (s.phase == "error") return failed(s.error, run);
            if (s.phase == "idle") return empty("stethoscope-line", tr("checkup.idle"), tr("checkup.idle.hint"));
            const list = [...s.checks.value].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
            return t.ul({ rid: "checks" + s.at, className: "pd-checks" }, list.map(line));
        },
    );
}

function sum(list) {
    const n = (state) => list.filter((c) => c.state == state).length;
    if (n("fail")) return tr("checkup.sum.fail", { n: n("fail") });
    return n("warn") ? tr("checkup.sum.warn", { n: n("warn") }) : tr("checkup.sum.ok");
}

const line = (c) =>
    t.li(
        { className: "pd-checkline is-" + c.state },
        t.i({ className: "ri-" + (signs[c.state] || signs.off), title: trOr("checkup.state." + c.state, c.state), role: "img", ariaLabel: trOr("checkup.state." + c.state, c.state) }),
        t.div({}, t.span({ className: "pd-hint" }, trOr("checkup.name." + c.name, c.name)), t.p({}, c.text), c.cure ? t.p({ className: "pd-cure" }, icon("tools-line"), c.cure) : null),
    );
