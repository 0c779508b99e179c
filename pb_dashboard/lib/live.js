// Changes made by others, as they happen. A burst (an import, a busy morning)
// is told at most once a second, and a hidden tab waits until it is seen.

/**
 * @typedef {{collection: string, action: string, record: Object}} Change action: create, update, delete, or "left" for a
 *   case that went to where this person does not see it: then record is {id}
 * @param {import("../adapter.js").Host} host
 * @param {Object<string, string>} collections our key -> the collection's name
 */
export function liveChanges(host, collections) {
    /** @type {Set<(changes: Change[], all: boolean) => void>} */
    const listeners = new Set();
    const undo = [];
    let pending = [], missed = false, timer = 0, last = 0, stopped = false;

    const flush = () => {
        timer = 0;
        if (document.hidden) return; // told when the tab is seen again
        const changes = pending, all = missed;
        pending = [];
        missed = false;
        last = Date.now();
        for (const fn of listeners) fn(changes, all);
    };
    const soon = () => {
        timer ||= setTimeout(flush, Math.max(150, last + 1000 - Date.now()));
    };
    const seen = () => {
        if (!document.hidden && (pending.length || missed)) soon();
    };

    const start = async () => {
        document.addEventListener("visibilitychange", seen);
        undo.push(() => document.removeEventListener("visibilitychange", seen));
        const keep = (off) => (stopped ? off() : undo.push(off));
        try {
            await Promise.all(Object.entries(collections).map(async ([key, name]) => {
                keep(await host.subscribe(name, (e) => {
                    // past a hundred it no longer matters which ones
                    if (pending.length < 100) pending.push({ collection: key, action: e.action, record: e.record });
                    else missed = true;
                    soon();
                }));
            }));
            // what somebody may no longer see leaves at once, seen or not
            keep(await host.listen("pocketdesk.left", (m) => {
                const all = m.case == "*"; // who this person is has changed: everything is looked up again
                pending = all ? [] : pending.filter((c) => c.record.id != m.case && c.record.case != m.case);
                for (const fn of listeners) fn([{ collection: "cases", action: "left", record: { id: m.case } }], all);
            }));
            keep(await host.onReconnect(() => {
                missed = true;
                soon();
            }));
        } catch (err) {
            console.warn("live updates are not available:", err);
        }
    };
    start();

    return {
        /** @returns {() => void} stops telling */
        on(fn) {
            listeners.add(fn);
            return () => listeners.delete(fn);
        },
        stop() {
            stopped = true;
            clearTimeout(timer);
            undo.splice(0).forEach((off) => off());
        },
    };
}
