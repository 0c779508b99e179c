import desk from "./zh-TW/desk.js";
import events from "./zh-TW/events.js";
import held from "./zh-TW/held.js";
import mail from "./zh-TW/mail.js";
import mailset from "./zh-TW/mailset.js";
import screening from "./zh-TW/screening.js";
import settings from "./zh-TW/settings.js";
import signalnames from "./zh-TW/signalnames.js";
import signals from "./zh-TW/signals.js";

export default { ...desk, ...events, ...held, ...mail, ...mailset, ...screening, ...settings, ...signals, ...signalnames };
