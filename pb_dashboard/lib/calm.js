// Words from outside, kept in their place: nothing in a name or a message turns
// the line around it, climbs over its neighbours or hides.

const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g; // marks that turn the direction of writing
const overriding = /[\u202a-\u202e\u2066-\u2069]/g; // those that reach further than one letter
const unseen = /[\u00ad\u115f\u1160\u180e\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]|[\u{e0000}-\u{e007f}]/gu;
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const piled = /(\p{M}{4})\p{M}+/gu; // no writing in use piles more marks on a letter

/** A name, a subject or a file's name: one line without what can't be seen. */
export const calmLine = (text) =>
    String(text ?? "").replace(/[\s\u0085]+/g, " ").replace(control, "").replace(turning, "").replace(unseen, "").replace(piled, "$1").trim();

/** A text: its lines stay, and right-to-left writing reads as ever. */
export const calmText = (text) =>
    String(text ?? "").replace(/\r\n?/g, "\n").replace(control, "\ufffd").replace(overriding, "").replace(/[\u{e0000}-\u{e007f}\u2028\u2029]/gu, "").replace(piled, "$1");
