// What is known beside a conversation: facts, the person, how it was let in, and
// what happened. On a narrow screen it is a drawer, fetched when it is opened.
import { whenSeen } from "../lib/lazy.js";
import { facts } from "./facts.js";
import { signalsCard } from "./score.js";
import { visitorCard } from "./visitor.js";

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export const side = (desk, view) =>
    t.div(
        { className: "pd-side-cards" },
        facts(desk, view),
        visitorCard(desk, view),
        signalsCard(view),
        whenSeen(() => import("./problemcard.js"), (m) => m.problemCard(desk, view)),
        whenSeen(() => import("./timeline.js"), (m) => m.timeline(desk, view)),
    );
