// From how many points on a message is held and blocked.

/** What counts where the shop has chosen nothing. */
export const usual = { quarantine: 5, block: 20 };
const fresh = 60_000;

/**
 * @param {import("../start.js").Context} context
 * @returns {(now?: boolean) => Promise<{quarantine: number, block: number}>} up to a minute old, unless asked for those of now
 */
export function limits(context) {
    let asked, at = 0;
    const ask = (now) => {
        if (now || !asked || Date.now() - at > fresh) {
            at = Date.now();
            asked = context.api.read("desk_settings", context.me.settings_id)
                .then((r) => ({ quarantine: r.thresholds?.quarantine || usual.quarantine, block: r.thresholds?.block || usual.block }));
            asked.catch(() => (asked = null));
        }
        return asked;
    };
    /** An answer of the server that holds them saves asking. */
    ask.know = (limits) => {
        at = Date.now();
        asked = Promise.resolve(limits);
    };
    return ask;
}
