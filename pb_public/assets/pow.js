// Proof of work. It fails open: without an answer in time the form is sent without one.

/** @returns {(ms: number) => Promise<string>} waits at most so long for JSON {salt, signature, n}, or "" */
export function work({ salt, bits, signature }) {
	let worker;
	const answer = new Promise((resolve) => {
		if (!(salt && bits > 0)) return resolve("");
		worker = new Worker(new URL("pow-worker.js" + new URL(import.meta.url).search, import.meta.url), { type: "module" });
		worker.onmessage = ({ data: n }) => resolve(n < 0 ? "" : JSON.stringify({ salt, signature, n }));
		worker.onerror = () => resolve("");
		worker.postMessage({ salt, bits });
	}).catch(() => "").finally(() => worker?.terminate());
	return (ms) => Promise.race([answer, new Promise((resolve) => setTimeout(resolve, ms, ""))]);
}
