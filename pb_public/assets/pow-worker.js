// Proof of work beside the page: {salt, bits} in, n out. SHA-256 (FIPS 180-4) is our own, since crypto.subtle
// is slow for one short hash at a time.

const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const fraction = (x) => ((x % 1) * 2 ** 32) | 0;
const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
const START = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));
const W = new Int32Array(64);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function compress(H, view, at) {
	for (let i = 0; i < 16; i++) W[i] = view.getInt32(at + 4 * i);
	for (let i = 16; i < 64; i++) {
		const x = W[i - 15], y = W[i - 2];
		W[i] = W[i - 16] + W[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
	}
	let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
	for (let i = 0; i < 64; i++) {
		const t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
		const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
		h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
	}
	H[0] += a; H[1] += b; H[2] += c; H[3] += d; H[4] += e; H[5] += f; H[6] += g; H[7] += h;
}

/** Hashes the last `length` bytes, of `total`; the tail has 72 to spare. */
function finish(H, tail, view, length, total) {
	const end = (length + 72) & ~63;
	tail.fill(0, length, end);
	tail[length] = 128;
	view.setUint32(end - 4, total * 8);
	for (let at = 0; at < end; at += 64) compress(H, view, at);
}

/** @returns {string} SHA-256 of the text's UTF-8 in hex */
export function sha256(text) {
	const bytes = new TextEncoder().encode(text), H = START.slice(), tail = new Uint8Array(bytes.length + 72);
	tail.set(bytes);
	finish(H, tail, new DataView(tail.buffer), bytes.length, bytes.length);
	return Array.from(H, (x) => (x >>> 0).toString(16).padStart(8, 0)).join("");
}

/** @returns {number} the smallest n so that SHA-256(salt + n) starts with so many zero bits, 0 to 32; else -1 */
export function solve(salt, bits) {
	const head = new TextEncoder().encode(salt), whole = head.length & ~63, rest = head.length - whole;
	const middle = START.slice(), H = middle.slice(), tail = new Uint8Array(192), view = new DataView(tail.buffer);
	for (let at = 0; at < whole; at += 64) compress(middle, new DataView(head.buffer), at);
	tail.set(head.subarray(whole));
	for (let n = 0; bits <= 32 && n < 2 ** 40; n++) {
		const digits = String(n);
		for (let i = 0; i < digits.length; i++) tail[rest + i] = digits.charCodeAt(i);
		H.set(middle);
		finish(H, tail, view, rest + digits.length, head.length + digits.length);
		if (Math.clz32(H[0]) >= bits) return n;
	}
	return -1;
}

self.onmessage = ({ data }) => self.postMessage(solve(data.salt, data.bits));
