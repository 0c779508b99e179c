// One connection on which the server tells what changes. It comes back by itself,
// and with it everything that was asked for before.

/**
 * @param {{send: Function, root: string, signedIn: () => boolean}} to
 */
export function realtime({ send, root, signedIn }) {
    /** @type {Map<string, Set<Function>>} */
    const wanted = new Map();
    let source, id = "", tries = 0, timer = 0, again = 0, submitting = Promise.resolve(), waiting = [];

    const tell = (topic, data) => {
        for (const fn of wanted.get(topic) || []) fn(data);
    };
    const settle = (err) => {
        for (const w of waiting.splice(0)) err ? w.reject(err) : w.resolve();
    };
    const submit = () => {
        const topics = [...wanted.keys()].filter((k) => k != "PB_CONNECT");
        submitting = submitting.catch(() => {}).then(() => id && send("/api/realtime", { method: "POST", body: { clientId: id, subscriptions: topics } }));
        return submitting;
    };
    const attach = (topic) => source?.addEventListener(topic, heard);
    const heard = (e) => {
        let data;
        try {
            data = JSON.parse(e.data);
        } catch {
            return;
        }
        tell(e.type, data);
    };

    const connect = () => {
        clearTimeout(timer);
        timer = 0;
        close();
        source = new EventSource(new URL("api/realtime", root));
        for (const topic of wanted.keys()) topic != "PB_CONNECT" && attach(topic);
        source.addEventListener("PB_CONNECT", async (e) => {
            id = e.lastEventId || JSON.parse(e.data).clientId;
            const first = !again++;
            try {
                await submit();
                tries = 0;
                settle();
                if (!first) tell("PB_CONNECT", {});
            } catch (err) {
                settle(err);
                if (err?.status != 401) retry();
            }
        });
        source.onerror = () => {
            id = "";
            retry(); // by ourselves: a browser gives up on an answer that is an error
        };
    };
    const retry = () => {
        close();
        if (timer || !wanted.size || !signedIn()) return;
        const wait = Math.min(30_000, 300 * 2 ** tries++) * (0.7 + Math.random() * 0.6);
        timer = setTimeout(connect, wait);
    };
    const close = () => {
        source?.close();
        source = null;
        id = "";
    };
    const soon = () => !source && wanted.size && signedIn() && ((tries = 0), connect());
    addEventListener("online", soon);
    document.addEventListener("visibilitychange", () => !document.hidden && soon());

    /** Calls fn with what is told on the topic. @returns {Promise<() => void>} stops it */
    const subscribe = async (topic, fn) => {
        const fresh = !wanted.has(topic);
        if (fresh) wanted.set(topic, new Set());
        wanted.get(topic).add(fn);
        const off = () => {
            const all = wanted.get(topic);
            all?.delete(fn);
            if (!all || all.size) return;
            wanted.delete(topic);
            source?.removeEventListener(topic, heard);
            if (!wanted.size) close();
            else if (id) submit().catch(() => {});
        };
        if (topic == "PB_CONNECT") return off;
        if (fresh) attach(topic);
        if (!source && !timer) connect();
        if (id && fresh) await submit();
        else if (!id) await new Promise((resolve, reject) => waiting.push({ resolve, reject }));
        return off;
    };
    return {
        subscribe,
        /** @returns {string} the connection's id, or "" */
        id: () => id,
        stop() {
            clearTimeout(timer);
            timer = 0;
            again = 0;
            wanted.clear();
            close();
            settle(new Error("signed out"));
        },
    };
}
