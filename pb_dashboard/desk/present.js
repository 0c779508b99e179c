// How colleagues at a case are shown: a line above it, small pictures in the list.
import { tr, words } from "../lib/i18n.js";
import { avatar, icon } from "../lib/dom.js";

await words("rare");

/** @typedef {{id: string, name: string, state: "looking"|"typing"}} Other */

const typers = (others) => others.filter((o) => o.state == "typing");

/** The line above a case. @param {Other[]} others */
export function line(others) {
    const typing = typers(others), some = typing.length ? typing : others;
    return t.div(
        { rid: "present" + JSON.stringify(others), className: "pd-present-line" + (typing.length ? " is-typing" : "") },
        some.slice(0, 3).map((o) => avatar(o.name, "is-tiny")),
        t.span({}, said(typing.length ? "typing" : "looking", some)),
        typing.length ? icon("quill-pen-line") : icon("eye-line"),
    );
}

/** The small pictures in a row of the list. @param {Other[]} others */
export function faces(others) {
    const typing = typers(others), title = said(typing.length ? "typing" : "looking", typing.length ? typing : others);
    return t.span(
        { className: "pd-faces" + (typing.length ? " is-typing" : ""), title, role: "img", ariaLabel: title, rid: "faces" + JSON.stringify(others) },
        others.slice(0, 2).map((o) => avatar(o.name, "is-tiny")),
        others.length > 2 ? t.span({ className: "pd-hint" }, "+" + (others.length - 2)) : null,
    );
}

function said(state, people) {
    const [a, b] = people.map((p) => p.name);
    if (people.length == 1) return tr(`present.${state}.one`, { name: a });
    if (people.length == 2) return tr(`present.${state}.two`, { a, b });
    return tr(`present.${state}.many`, { name: a, n: people.length - 1 });
}
