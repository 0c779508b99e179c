// What a key may do with the case that is open: each opens or focuses the
// control that a hand would use.

/** @param {import("./case.js").CaseView} view @param {() => HTMLElement|null} root the case's element */
export function caseVerbs(view, root) {
    const shown = (el) => el && el.offsetParent !== null;
    /** The side may be hidden on narrow screens. */
    const atSide = (selector, run) => {
        const find = () => root()?.querySelector(".pd-side " + selector);
        if (!shown(find())) view.s.side = true;
        let frames = 120; // what stands in a drawer is fetched when it opens
        const go = () => {
            const el = find();
            if (!shown(el)) return --frames > 0 && requestAnimationFrame(go);
            el.scrollIntoView({ block: "nearest" });
            el.focus();
            run?.(el);
        };
        requestAnimationFrame(go);
    };
    const fact = (name) => () => atSide(`[data-fact="${name}"] select`, (el) => {
        try {
            el.showPicker();
        } catch {
            // the focus is enough: arrows choose
        }
    });
    const menu = (name) => () => {
        const el = root()?.querySelector(`.pd-case-line [data-menu="${name}"]`);
        if (shown(el)) el.click();
        else fact(name)();
    };
    return {
        checklist: () => atSide(".pd-checklist summary", (el) => (el.parentElement.open = true)),
        assign: fact("assignee"),
        team: fact("team"),
        category: fact("category"),
        status: menu("status"),
        priority: menu("priority"),
        tags: () => atSide(".pd-tag-input"),
    };
}
