import desk from "./en/desk.js";
import events from "./en/events.js";
import held from "./en/held.js";
import mail from "./en/mail.js";
import mailset from "./en/mailset.js";
import screening from "./en/screening.js";
import settings from "./en/settings.js";
import signalnames from "./en/signalnames.js";
import signals from "./en/signals.js";

export default { ...desk, ...events, ...held, ...mail, ...mailset, ...screening, ...settings, ...signals, ...signalnames };
