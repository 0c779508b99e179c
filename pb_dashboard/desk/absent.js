// Who is away, and who stands in: looked up when somebody may be given a case.
import { tr, words } from "../lib/i18n.js";
import { box, icon } from "../lib/dom.js";
import { dated } from "../lib/zone.js";

await words("absent");

/** What is known stays good for a minute. */
const fresh = 60_000;
const known = store({ list: box([]), at: 0 });
let asking;

/** Fetches who is away, unless that was done a moment ago. @param {import("./page.js").Desk} desk */
export async function absences(desk) {
    if (Date.now() - known.at < fresh) return;
    asking ??= desk.host.send("/api/desk/assignment", { method: "GET" }).then((r) => {
        known.list = box(r.absent || []);
        known.at = Date.now();
    }).catch(() => {}).finally(() => (asking = null)); // without an answer nothing is said
    await asking;
}

/** Nobody waits for long because of a word beside a name. */
export const absencesSoon = (desk) => Promise.race([absences(desk), new Promise((go) => setTimeout(go, 400))]);

/** After an absence was changed here. */
export const forget = () => (known.at = 0);

const absent = (id) => (id && known.list.value.find((a) => a.id == id)) || null;

/** "away until Thu, Dec 3, 18:00", or "" for who is there. */
export function absentHint(desk, id) {
    const a = absent(id);
    if (!a) return "";
    return a.until ? tr("absent.until", { when: dated(a.until) }) : tr("absent.open");
}

/**
 * Marks who is away in the menu of people, and says it of whoever has the case.
 * @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view
 */
export function absentLine(desk, view) {
    const mark = (select) => {
        if (!select) return;
        for (const o of select.options) {
            o.pdName ??= o.textContent;
            const hint = absentHint(desk, o.value);
            const text = hint ? `${o.pdName} (${hint})` : o.pdName;
            if (o.textContent != text) o.textContent = text;
        }
    };
    absences(desk);
    return t.div(
        {
            className: "pd-fact-absent",
            onmount: (el) => {
                const select = el.closest(".pd-facts")?.querySelector('[data-fact="assignee"] select');
                mark(select);
                select?.addEventListener("focus", () => absences(desk).then(() => mark(select)));
            },
        },
        () => {
            const list = known.list.value, a = absent(view.get().case.assignee);
            queueMicrotask(() => mark(document.querySelector('.pd-facts [data-fact="assignee"] select')));
            if (!list.length || !a) return null;
            const instead = desk.names.agent(a.stand_in);
            return t.p({ className: "pd-hint", role: "status" }, icon("plane-line"), " ", [absentHint(desk, a.id), instead ? tr("absent.instead", { name: instead }) : ""].filter(Boolean).join(" · "));
        },
    );
}
