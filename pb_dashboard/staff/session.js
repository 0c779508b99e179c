// Who is signed in: the token and the person's record, kept for this tab, or on
// this device for those who want to stay signed in.
const key = "pocketdesk.staff";
const stores = () => [sessionStorage, localStorage];

/** When a token ends, in milliseconds; 0 for what is none. It is looked at, not trusted. */
export function ends(token) {
    try {
        const part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
        return JSON.parse(atob(part)).exp * 1000 || 0;
    } catch {
        return 0;
    }
}

function read() {
    for (const s of stores()) {
        try {
            const kept = JSON.parse(s.getItem(key));
            if (kept && ends(kept.token) > Date.now()) return { ...kept, stay: s == localStorage };
        } catch {
            // as if nobody were signed in
        }
    }
    return null;
}

/** @returns the session of this page: one person from here to the next load */
export function session() {
    let now = read();
    const self = {
        token: () => now?.token || "",
        record: () => now?.record || null,
        /** @param {{token: string, record: {id: string}}} auth @param {boolean} [stay] whether to stay signed in on this device */
        keep({ token, record }, stay = !!now?.stay) {
            now = { token, record: { id: record.id, name: record.name }, stay };
            for (const s of stores()) s.removeItem(key);
            (stay ? localStorage : sessionStorage).setItem(key, JSON.stringify({ token, record: now.record }));
        },
        clear() {
            now = null;
            for (const s of stores()) s.removeItem(key);
        },
        /** Signs out and forgets all that this page knows; the place stays in the URL. */
        end() {
            self.clear();
            location.reload();
        },
    };
    // another tab signed out, in, or renewed the token
    addEventListener("storage", (e) => {
        if (e.key != key || !now?.stay) return;
        const other = read();
        if (other?.record.id != now.record.id) location.reload();
        else now = other;
    });
    return self;
}

/**
 * Renews the token while the page is open, so that nobody is signed out at work.
 * @param {ReturnType<typeof session>} me @param {(path: string, options: Object) => Promise<any>} send
 */
export function renew(me, send, agents) {
    const every = 30 * 60_000;
    let last = 0;
    const now = async () => {
        if (document.hidden || Date.now() - last < every) return;
        last = Date.now();
        try {
            me.keep(await send(`/api/collections/${agents}/auth-refresh`, { method: "POST" }));
        } catch (err) {
            if (err.status == 403 || err.status == 404) me.end(); // no member of staff any more
            else last = 0; // not reached: at the next look
        }
    };
    setInterval(now, 60_000);
    document.addEventListener("visibilitychange", now);
    return now();
}
