// The head of a dialog: its name, and the way out.
import { tr } from "../lib/i18n.js";
import { button } from "../lib/dom.js";

export const dialogHead = (title, close) => t.header({ className: "pd-dialog-head" }, t.h2({}, title), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: close }));
