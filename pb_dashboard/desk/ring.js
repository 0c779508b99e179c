// A tone and a notification of the browser, for those who want them.
import { tr, words } from "../lib/i18n.js";
import { calmLine } from "../lib/calm.js";
import { noticeWords } from "./noticewords.js";

await words("later");

let sound;

/** Two short notes. A browser plays them only once somebody has touched the page. */
export async function tone() {
    sound ??= new AudioContext();
    if (sound.state == "suspended") await Promise.race([sound.resume(), new Promise((done) => setTimeout(done, 500))]);
    if (sound.state != "running") return;
    const from = sound.currentTime + 0.02;
    for (const [i, pitch] of [659, 880].entries()) {
        const note = sound.createOscillator(), loud = sound.createGain();
        note.frequency.value = pitch;
        loud.gain.setValueAtTime(0, from + i * 0.14);
        loud.gain.linearRampToValueAtTime(0.12, from + i * 0.14 + 0.02);
        loud.gain.exponentialRampToValueAtTime(0.001, from + i * 0.14 + 0.3);
        note.connect(loud).connect(sound.destination);
        note.start(from + i * 0.14);
        note.stop(from + i * 0.14 + 0.32);
    }
}

/** @param {import("./page.js").Desk} desk @param {Object} notice a record of the notices */
export async function ring(desk, notice) {
    const choice = desk.me.agent.notify || {};
    await words("later");
    if ((choice.sound ?? desk.me.telling?.hears?.sound) && navigator.userActivation?.hasBeenActive) await tone().catch(() => {});
    if (!choice.desktop || globalThis.Notification?.permission != "granted") return;
    if (!document.hidden && document.hasFocus()) return; // the bell is before his eyes
    const n = new Notification(await title(desk, notice, choice.private), { tag: notice.case || notice.id, silent: true });
    n.onclick = () => {
        focus();
        if (notice.case) desk.go({ kind: "c", id: notice.case });
        n.close();
    };
}

/** What happened, and on which case; never what somebody wrote where the person keeps that private. */
async function title(desk, notice, hidden) {
    if (hidden) return tr("bell.private");
    const c = notice.case ? await desk.api.read("cases", notice.case).catch(() => null) : null;
    const what = noticeWords(desk, notice);
    return c ? `${what} · #${c.number} ${calmLine(c.subject || "").slice(0, 80)}`.trim() : what;
}
