// Draft, counter, files, proof of work, sending without a reload. Should any fail, the plain form posts.

const version = new URL(import.meta.url).search;
const [{ Draft }, { files }, { check, show }, { work }, { post }] = await Promise.all(
	["draft", "files", "errors", "pow", "send"].map((name) => import(`./${name}.js${version}`)));

const one = (id) => document.getElementById(id);
const form = one("feedback"), at = form.elements, set = form.dataset, root = document.documentElement;
const texts = Object.fromEntries(one("texts").content.textContent.trim().split("\n").map((line) => line.split(" = ")));
const say = (key, value) => (texts[key] || "").replace("{n}", value);
const announce = (text) => (one("status").textContent = text);
const draft = new Draft(form), note = one("draft"), bar = one("progress");
let sending, sent, pause, last, input;

form.noValidate = true;
root.classList.add("live");
files(at.attachments, one("files"), say("remove"), (name) => announce(say("removed", name)));

// Work starts at the first touch, not for every reader. The token is renewed long before it ends, lest it be
// as young as a robot's when the form is sent.
let born = Date.now(), pow = { salt: set.salt, bits: +set.bits, signature: set.signature }, solved;
const start = () => (solved ??= work(pow));
async function refresh() {
	if (!set.renew || Date.now() - born < set.ttl * 800) return;
	try {
		const fresh = await (await fetch(set.renew, { cache: "no-store" })).json();
		if (!fresh.form_token) return;
		at.form_token.value = fresh.form_token;
		born = Date.now();
		pow = fresh.pow || {};
		solved = work(pow);
	} catch {}
}
form.addEventListener("focusin", start);
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 6e4);

function keep(text) {
	note.hidden = !text;
	if (note.firstChild.textContent !== text) note.firstChild.textContent = text; // said aloud only once
}
function count() {
	const left = set.max - [...at.message.value].length, box = one("count");
	box.textContent = say(left < 0 ? "over" : "left", Math.abs(left).toLocaleString("en"));
	box.classList.toggle("over", left < 0);
	return left < set.max / 20 && box.textContent;
}
form.addEventListener("input", ({ target, inputType }) => {
	const ours = target === at.message, near = ours && count();
	if (ours && input) input[+/Paste|Drop/.test(inputType)]++;
	clearTimeout(pause);
	pause = setTimeout(() => {
		keep(draft.save() ? say("saved") : "");
		if (near) announce(near);
	}, 400);
});
addEventListener("pagehide", () => sent || draft.save());
note.lastChild.onclick = () => {
	for (const input of draft.inputs) input.value = "";
	draft.clear();
	keep("");
	count();
	announce(say("discarded"));
	at.name.focus();
};

// Full-width letters and digits, as an input method leaves them, are meant as plain ones.
form.addEventListener("change", ({ target }) => {
	if (/^(email|phone|order_no)$/.test(target.name)) target.value = target.value.normalize("NFKC").trim();
});
form.addEventListener("keydown", (event) => {
	if (event.key !== "Enter" || event.target.enterKeyHint !== "next") return;
	event.preventDefault();
	if (event.isComposing || event.keyCode === 229) return; // it ends a composition, not the field
	const stops = [...at].filter((input) => input.offsetParent && input.tabIndex >= 0);
	stops[stops.indexOf(event.target) + 1].focus();
});

/** One key for one content: a retry repeats it, a change makes a new one. */
function stamp() {
	const content = JSON.stringify([...draft.inputs, ...at.attachments.files].map((x) => x.value ?? [x.name, x.size, x.lastModified]));
	if (!at.idempotency_key.value || (last && last !== content))
		at.idempotency_key.value = crypto.getRandomValues(new Uint32Array(4)).join("-");
	last = content;
}

/** An address without the member's reference, which lets whoever holds it pass for the member. */
function plain(address) {
	if (!/member_ref/.test(address)) return address.slice(0, 2000);
	const url = new URL(address);
	url.searchParams.delete("member_ref");
	return url.href.slice(0, 2000);
}

async function send() {
	await refresh();
	stamp();
	const proof = await start()(1e4);
	await form.prove?.();
	const body = new FormData(form), some = at.attachments.files.length;
	if (proof) body.set("pow", proof);
	if (!some) body.delete("attachments");
	if (input) body.set("input", input);
	body.set("page_url", plain(location.href));
	body.set("referrer", plain(document.referrer));
	const { status, answer } = await post(set.url, at.idempotency_key.value, body, (percent) => {
		bar.hidden = !some;
		bar.value = percent;
	});
	if (answer.receipt) return done(answer);
	const wrong = status === 429 ? {} : answer.data || {}, found = {};
	for (const [name, { code, message }] of Object.entries(wrong))
		found[name === "contact" ? "email" : name] = texts[code] ? code : message || "invalid";
	if (!Object.keys(found).length)
		found[""] = status === 429 ? "rate_limited" : (status < 500 && answer.message) || "server";
	fail(found);
}

/** @param {Object<string, string>} found field -> error key, or a text; the empty field is the whole form */
function fail(found) {
	form.reprove?.();
	announce("");
	show(form, Object.fromEntries(Object.entries(found).map(([name, key]) => [name, say(`${key}_${name}`) || say(key) || key])));
}

function done({ receipt, answer_by, confirm_email }) {
	sent = true;
	clearTimeout(pause);
	draft.clear();
	const main = one("main");
	main.className = "";
	main.replaceChildren(((confirm_email && one("confirm")) || one("done")).content.cloneNode(true));
	main.querySelector("output").textContent = receipt;
	const heading = main.querySelector("h1"), time = main.querySelector("time"), when = new Date(answer_by || NaN);
	if (isNaN(when)) time.closest("div").remove();
	else {
		time.dateTime = answer_by;
		time.textContent = when.toLocaleString(root.lang, { dateStyle: "full", timeStyle: "short" }); // in their own zone
	}
	document.querySelector("nav")?.remove();
	document.title = heading.textContent;
	scrollTo(0, 0);
	heading.focus();
}

form.addEventListener("submit", async (event) => {
	event.preventDefault();
	if (sending) return;
	const found = check(form, set.max);
	if (Object.keys(found).length) return fail(found);
	draft.save();
	if (!navigator.onLine) return fail({ "": "offline" });
	sending = true;
	form.ariaBusy = "true";
	show(form, {});
	announce(say("sending"));
	try {
		await send();
	} catch (error) {
		if (error === "network") fail({ "": navigator.onLine ? error : "offline" });
		else HTMLFormElement.prototype.submit.call(form);
	}
	sending = false;
	bar.hidden = true;
	form.ariaBusy = "false";
});

if (draft.restore()) {
	keep(say("restored"));
	form.prepend(note);
}
// Keys and pastes count only where nothing stood before: a draft was typed another day.
if (!at.message.value) input = [0, 0];
count();
