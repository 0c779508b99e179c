// Ticking by touch.

const holds = 500, slack = 10;

/** A finger that rests on a row ticks it. @param {PointerEvent|null} begun a touch that goes on already @returns {() => void} stops listening */
export function longPress(sel, begun) {
    let timer, at;
    const end = () => clearTimeout(timer);
    const down = (e) => {
        const row = e.pointerType == "touch" && e.target.closest?.(".pd-list-pane .pd-row[data-id]");
        sel.held = false;
        if (!row || !sel.row(row.dataset.id)) return;
        at = [e.clientX, e.clientY];
        clearTimeout(timer);
        timer = setTimeout(() => {
            sel.held = true;
            sel.s.on = true;
            sel.toggle(row.dataset.id);
            navigator.vibrate?.(10);
        }, holds);
    };
    const move = (e) => at && Math.hypot(e.clientX - at[0], e.clientY - at[1]) > slack && end();
    const menu = (e) => sel.held && e.preventDefault();
    const all = { pointerdown: down, pointermove: move, pointerup: end, pointercancel: end, contextmenu: menu };
    for (const [name, fn] of Object.entries(all)) document.addEventListener(name, fn, { passive: name != "contextmenu" });
    if (begun) down(begun);
    return () => {
        end();
        for (const [name, fn] of Object.entries(all)) document.removeEventListener(name, fn);
    };
}
