import desk from "./ja/desk.js";
import events from "./ja/events.js";
import held from "./ja/held.js";
import mail from "./ja/mail.js";
import mailset from "./ja/mailset.js";
import screening from "./ja/screening.js";
import settings from "./ja/settings.js";
import signalnames from "./ja/signalnames.js";
import signals from "./ja/signals.js";

export default { ...desk, ...events, ...held, ...mail, ...mailset, ...screening, ...settings, ...signals, ...signalnames };
