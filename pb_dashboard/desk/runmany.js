// Runs a list of actions, or a macro, on cases in parts, so that the progress
// moves and one can stop; and takes it back.
import { sentence } from "../lib/api.js";
import { tr, trOr, words } from "../lib/i18n.js";
import { box } from "../lib/dom.js";

await words("bulk");

const step = 25, looks = 100, remembered = 2000;

/** Why nothing was done on a case, in the Desk's language. */
export const why = (f) => trOr("many.why." + f.code + (f.code == "changed" && !f.data?.by ? ".someone" : ""), f.message, f.data);

/**
 * @param {import("./page.js").Desk} desk
 * @param {{id: string, number: number, version: number}[]} cases
 * @param {{actions?: Object[], macro?: string}} what
 * @returns {Promise<{done: Object[], failed: Object[], until: number, stopped: number}>} until: answers leave then
 */
export function runMany(desk, cases, what) {
    const mine = inTurn.then(() => run(desk, cases, what));
    inTurn = mine.catch(() => {});
    return mine;
}

/** One after the other: two keys in a row are two changes, and the second knows of the first. */
let inTurn = Promise.resolve();

async function run(desk, cases, what) {
    const name = crypto.getRandomValues(new Uint32Array(3)).join("-"), progress = store({ done: 0, of: cases.length, stop: false });
    const out = { done: [], failed: [], until: 0, stopped: 0 };
    const wait = cases.length > step ? Math.min(60, 10 + Math.ceil(cases.length / step)) : undefined; // the first answer waits for the last
    desk.selection.s.work = box(progress);
    try {
        for (let i = 0; i < cases.length; i += step) {
            const part = cases.slice(i, i + step);
            if (progress.stop) {
                out.stopped = cases.length - i;
                break;
            }
            const body = { ...what, ids: part.map((c) => c.id), versions: versions(part), key: `${name}-${i}`, undo_seconds: wait };
            try {
                const answer = await twice(() => desk.api.many(body));
                out.done.push(...answer.done);
                for (const d of answer.done) follows(body.versions[d.id], d);
                out.failed.push(...answer.failed.map((f) => ({ ...f, message: why(f) })));
                if (answer.until) out.until ||= Date.parse(answer.until);
            } catch (err) {
                out.failed.push(...part.map((c) => ({ id: c.id, number: c.number, message: sentence(err) })));
                if (err?.status == 400 || err?.status == 404) break; // the list itself is wrong: the rest would say the same
            }
            progress.done = Math.min(cases.length, i + step);
        }
    } finally {
        desk.selection.s.work = box(null);
    }
    return out;
}

/** A lost line is tried once more: the key keeps it from being done twice. */
const twice = (call) => call().catch((err) => (err?.status ? Promise.reject(err) : call()));

/** The version that we made of one that was on the screen: it is no change of somebody else's. */
const ours = new Map();

function follows(seen, d) {
    if (!seen || !d.version || seen == d.version) return;
    ours.set(`${d.id} ${seen}`, d.version);
    if (ours.size > remembered) ours.delete(ours.keys().next().value);
}

function latest(c) {
    let v = c.version;
    while (ours.has(`${c.id} ${v}`)) v = ours.get(`${c.id} ${v}`);
    return v;
}

const versions = (part) => Object.fromEntries(part.filter((c) => c.version).map((c) => [c.id, latest(c)]));

/** What each case would get, in parts; told is called after each with what is known so far. */
export async function lookMany(desk, cases, what, told = () => true) {
    const out = { ready: 0, items: [], failed: [], of: cases.length, looked: 0 };
    for (let i = 0; i < cases.length; i += looks) {
        const part = cases.slice(i, i + looks);
        const answer = await desk.api.many({ ...what, ids: part.map((c) => c.id), versions: versions(part), preview: true });
        out.ready += answer.ready;
        out.items.push(...answer.items.slice(0, 20 - out.items.length));
        out.failed.push(...answer.failed.map((f) => ({ ...f, message: why(f) })));
        out.looked = Math.min(cases.length, i + looks);
        if (!told(out)) break;
    }
    return out;
}

/** @returns {Promise<{done: Object[], failed: Object[]}>} */
export async function takeBack(desk, done) {
    const out = { done: [], failed: [] };
    for (let i = 0; i < done.length; i += step) {
        const part = done.slice(i, i + step);
        try {
            const answer = await desk.api.manyBack(part);
            out.done.push(...answer.done);
            for (const d of answer.done) follows(part.find((c) => c.id == d.id).version, d);
            out.failed.push(...answer.failed.map((f) => ({ ...f, message: why(f) })));
        } catch (err) {
            out.failed.push(...part.map((c) => ({ id: c.id, number: c.number, message: sentence(err) })));
        }
    }
    return out;
}
