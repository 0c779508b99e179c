import desk from "./zh-TW/desk.js";
import events from "./zh-TW/events.js";
import settings from "./zh-TW/settings.js";
import signals from "./zh-TW/signals.js";

export default { ...desk, ...events, ...settings, ...signals };
