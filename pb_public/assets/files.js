// The chosen files as a list with sizes, each removable; choosing again adds.

const size = (n) => (n < 1 << 20 ? (n >> 10) + " KB" : (n / (1 << 20)).toFixed(1) + " MB");

/** @param {string} label of the buttons @param {(name: string) => void} removed */
export function files(input, list, label, removed) {
	let chosen = [];
	const sync = () => {
		const hold = new DataTransfer();
		for (const file of chosen) hold.items.add(file);
		input.files = hold.files;
		list.replaceChildren(...chosen.map(row));
	};
	const row = (file) => {
		const [item, name, bytes, remove] = ["li", "bdi", "small", "button"].map((tag) => document.createElement(tag));
		name.textContent = file.name;
		bytes.textContent = size(file.size);
		remove.textContent = label;
		remove.type = "button";
		remove.className = "plain";
		remove.setAttribute("aria-label", label + " " + file.name);
		remove.onclick = () => {
			chosen = chosen.filter((other) => other !== file);
			sync();
			input.focus();
			removed(file.name);
		};
		item.append(name, bytes, remove);
		return item;
	};
	input.onchange = () => {
		chosen.push(...input.files);
		sync();
	};
}
