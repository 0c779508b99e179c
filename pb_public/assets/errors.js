// Shows errors at their fields and in the summary, as the server's own page does.

/** @param {Object<string, string>} errors field -> text; what is no field of the form stands first */
export function show(form, errors) {
	const summary = form.querySelector(".errors"), rest = { ...errors }, rows = [];
	const row = (text, name) => {
		const item = document.createElement("li"), link = name && item.appendChild(document.createElement("a"));
		(link || item).textContent = text;
		if (link) link.href = "#" + name;
		return item;
	};
	for (const note of form.querySelectorAll(".wrong")) {
		const name = note.id.replace("-error", ""), text = errors[name] || "";
		note.textContent = text;
		form.elements[name].setAttribute("aria-invalid", !!text);
		if (text) rows.push(row(text, name));
		delete rest[name];
	}
	rows.unshift(...Object.values(rest).map((text) => row(text)));
	summary.querySelector("ul").replaceChildren(...rows);
	summary.hidden = !rows.length;
	summary.focus();
}

/** @returns {Object<string, string>} field -> error key, of what the page itself can see */
export function check({ elements: at }, max) {
	const found = {}, blank = (name) => !at[name].value.trim(), files = [...at.attachments.files];
	if (blank("name")) found.name = "required";
	if (blank("email") && blank("phone")) found.email = "contact_required";
	else if (!blank("email") && !/^\S+@[^\s@]+\.[^\s@.]+$/.test(at.email.value.trim())) found.email = "email_invalid";
	if (blank("message")) found.message = "required";
	else if ([...at.message.value].length > max) found.message = "too_long";
	if (files.length > 3) found.attachments = "file_count";
	else if (files.some((file) => file.size > 10 << 20)) found.attachments = "file_size";
	else if (!files.every((file) => /\.(jpe?g|png|webp|gif|hei[cf]|pdf|txt|csv|docx?|xlsx?|pptx?|od[ts])$/i.test(file.name)))
		found.attachments = "file_type";
	if (!at.consent.checked) found.consent = "consent_required";
	return found;
}
