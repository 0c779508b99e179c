// Changes made by others, as they happen. A burst (an import, a busy morning)
// is told at most once a second, and a hidden tab waits until it is seen.

/**
 * @typedef {{collection: string, action: string, record: Object}} Change
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
            for (const [key, name] of Object.entries(collections)) {
                keep(await host.subscribe(name, (e) => {
                    // past a hundred it no longer matters which ones
                    if (pending.length < 100) pending.push({ collection: key, action: e.action, record: e.record });
                    else missed = true;
                    soon();
                }));
            }
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
