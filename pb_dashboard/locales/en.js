import desk from "./en/desk.js";
import events from "./en/events.js";
import settings from "./en/settings.js";
import signals from "./en/signals.js";

export default { ...desk, ...events, ...settings, ...signals };
