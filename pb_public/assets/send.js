// Posts the form with progress. A minute of silence counts as a broken connection.

/** @returns {Promise<{status: number, answer: object}>} rejected with "network" if no answer came */
export function post(url, key, body, progress) {
	return new Promise((resolve, reject) => {
		const xhr = new XMLHttpRequest();
		let silence;
		const alive = () => (clearTimeout(silence), (silence = setTimeout(() => xhr.abort(), 60e3)));
		xhr.open("POST", url);
		xhr.setRequestHeader("Idempotency-Key", key);
		xhr.upload.onprogress = ({ loaded, total }) => (alive(), progress((100 * loaded) / total));
		xhr.onloadend = () => {
			clearTimeout(silence);
			if (!xhr.status) return reject("network");
			let answer = {};
			try {
				answer = JSON.parse(xhr.response);
			} catch {}
			resolve({ status: xhr.status, answer });
		};
		alive();
		xhr.send(body);
	});
}
