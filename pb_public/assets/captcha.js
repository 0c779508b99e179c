// A provider's captcha beside the form. Its token lies in a field of the form, so it is sent along by itself; all
// that is left is to ask for one (reCAPTCHA v3, whose tokens age in two minutes) or for the next one.

const form = document.getElementById("feedback"), box = document.getElementById("captcha");
const none = (ms) => new Promise((resolve) => setTimeout(resolve, ms, ""));

/** The provider's script, once it is there: it may come late, or be blocked. */
const api = () => window[box.dataset.api];

// This runs before the provider's script, which stands behind it.
if (matchMedia("(prefers-color-scheme: dark)").matches) box.dataset.theme = "dark";
if (innerWidth < 384) box.dataset.size = "compact"; // the usual box is 304 pixels wide

if (box.type === "hidden")
	form.prove = async () => {
		const token = new Promise((resolve) =>
			api().ready(() => resolve(api().execute(box.dataset.sitekey, { action: "feedback" }))));
		box.value = await Promise.race([token, none(5e3)]).catch(() => "");
	};
else
	form.reprove = () => {
		try {
			api().reset(); // a token is good for one try
		} catch {}
	};
