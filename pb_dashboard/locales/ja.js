import desk from "./ja/desk.js";
import events from "./ja/events.js";
import settings from "./ja/settings.js";
import signals from "./ja/signals.js";

export default { ...desk, ...events, ...settings, ...signals };
