// What screening held back: the list, one message, and the decisions on both.
import { decisions } from "./decide.js";
import { heldList } from "./heldlist.js";
import { heldView } from "./heldview.js";

/** @param {import("./page.js").Desk} desk @param {""|"blocked"} outcome */
export function heldPane(desk, outcome) {
    desk.decide ??= decisions(desk);
    return heldList(desk, outcome);
}

/** @param {import("./page.js").Desk} desk @param {string} id of the verdict */
export function heldMessage(desk, id) {
    desk.decide ??= decisions(desk);
    return heldView(desk, id);
}
