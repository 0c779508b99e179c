// Keeps what was typed on this device until it is sent, a week at most: never files, never the consent.

/** A draft in localStorage. Where storage is refused nothing is kept, and nothing breaks. */
export class Draft {
	constructor(form) {
		const at = form.elements;
		this.key = "pocketdesk.draft." + at.form.value;
		this.inputs = ["name", "email", "phone", "category", "order_no", "message"].map((name) => at[name]).filter(Boolean);
	}
	get blank() {
		return this.inputs.every((input) => !input.value.trim());
	}
	/** @returns {boolean} whether something is kept now */
	save() {
		if (this.blank) return this.clear();
		try {
			const values = Object.fromEntries(this.inputs.map((input) => [input.name, input.value]));
			localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), values }));
			return true;
		} catch {
			return false;
		}
	}
	/** Fills a blank form. @returns {boolean} whether anything came back */
	restore() {
		try {
			const { at, values } = JSON.parse(localStorage.getItem(this.key));
			if (!this.blank) return false;
			if (!(Date.now() - at < 7 * 864e5)) return this.clear();
			for (const input of this.inputs) input.value = values[input.name] ?? "";
			return !this.blank;
		} catch {
			return this.clear();
		}
	}
	clear() {
		try {
			localStorage.removeItem(this.key);
		} catch {}
		return false;
	}
}
