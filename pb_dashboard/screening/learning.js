// What the text model has learned from staff's decisions, how it stands, and
// each decision with a button to take it back.
import { tr, trOr, words as loadWords } from "../lib/i18n.js";
import { action, box, chip, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";
import { paged, moreMark } from "../desk/paged.js";
import { part } from "./pane.js";
import { whole } from "./tiles.js";

await loadWords("screening");

/** @param {import("../desk/page.js").Desk} desk */
export function learning(desk) {
    const s = store({ model: box(null), error: "" });
    const list = paged((cursor) => desk.api.lessons(cursor));
    const load = async () => {
        try {
            s.model = box(await desk.api.model());
            s.error = "";
        } catch (err) {
            s.error = sentence(err);
        }
    };
    let off;
    const takeBack = async (lesson) => {
        if (!(await desk.host.confirm(tr("lessons.sure"), { yes: tr("lessons.takeback"), no: tr("action.cancel") }))) return;
        try {
            await desk.api.remove("corrections", lesson.id);
            list.drop(lesson.id);
            desk.host.toast.ok(tr("lessons.takenback"));
            load();
        } catch (err) {
            desk.host.toast.error(sentence(err));
            list.refresh();
        }
    };
    return t.div(
        {
            className: "pd-learning",
            onmount: () => {
                load();
                list.restart();
                off = desk.live.on((changes, all) => {
                    if (!all && !changes.some((c) => c.collection == "verdicts" || c.collection == "spam_models")) return;
                    load();
                    list.refresh();
                });
            },
            onunmount: () => off?.(),
        },
        part("model", () => {
            if (s.error) return failed(s.error, load);
            return s.model.value ? model(s.model.value) : skeleton(2);
        }),
        part(
            "lessons",
            () => {
                const { phase, rows, error } = list.s;
                if (phase == "loading") return skeleton(3);
                if (phase == "error") return failed(error, list.restart);
                if (!rows.value.length) return t.p({ className: "pd-nothing" }, tr("lessons.none"));
                return t.ul({ className: "pd-lessons" }, rows.value.map((l) => lessonRow(desk, l, takeBack)));
            },
            () => list.s.phase == "ready" || list.s.phase == "more" ? moreMark(list, tr("list.more")) : null,
        ),
    );
}

/** @param {Object} m the answer of GET /api/desk/model */
function model(m) {
    const refused = m.refused, measured = (refused || m).report;
    const [tone, name, words] = m.pending ? ["plain", "loader-4-line", "training"]
        : refused ? ["warn", "error-warning-line", refused.code == "worse" ? "refused.worse" : "refused.failed"]
        : m.status == "in_use" ? ["ok", "check-line", "learned"] : ["plain", "information-line", "shipped"];
    const facts = [
        [tr("model.lessons"), whole(m.lessons)],
        m.taught > m.lessons ? [tr("model.pending"), whole(m.taught - m.lessons)] : null,
        m.trained ? [tr("model.trained"), when(m.trained)] : null,
        measured?.accepted ? [tr("model.good"), tr("model.good.value", { after: whole(measured.held_after), before: whole(measured.held_before), all: whole(measured.accepted) })] : null,
    ].filter(Boolean);
    return t.div(
        { rid: JSON.stringify(m), className: "pd-model" },
        t.p({ className: "pd-model-state is-" + tone }, icon(name), t.span({}, tr("model." + words))),
        refused ? t.p({ className: "pd-hint" }, when(refused.at)) : null,
        t.dl({ className: "pd-about" }, facts.map(([k, v]) => [t.dt({}, k), t.dd({}, v)])),
    );
}

function lessonRow(desk, l, takeBack) {
    const words = l.subject || l.excerpt || "";
    return t.li(
        { rid: l.id + l.used, className: "pd-lesson" },
        chip(tr(l.spam ? "lessons.spam" : "lessons.good"), l.spam ? "bad" : "ok", "", l.spam ? "spam-2-line" : "shield-check-line"),
        t.div(
            { className: "pd-lesson-what" },
            t.div({ className: "pd-lesson-words" }, words || t.span({ className: "pd-hint" }, tr("lessons.gone"))),
            t.p({ className: "pd-hint" }, tr("lessons.by", { who: l.agent_name || desk.names.agent(l.agent) || tr("who.staff"), how: trOr("lessons.how." + l.how, l.how) }), " · ", when(l.created), l.used === false ? " · " + tr("lessons.pending") : null),
        ),
        action({ label: tr("lessons.takeback"), icon: "arrow-go-back-line", kind: "quiet small", run: () => takeBack(l) }),
    );
}
