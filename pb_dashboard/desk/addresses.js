// Mail addresses as people write them in a line of copies.

const form = /^[^\s@<>"(),;:\\[\]]+@[^\s@<>"(),;:\\[\]]+\.[^\s@.<>"(),;:\\[\]]{2,}$/;

export const isAddress = (text) => form.test(text);

/** The first address that is none, or "". */
export const badCopy = (s) => [...s.cc.value, ...s.bcc.value].find((a) => !form.test(a.addr))?.addr || "";

/** Several addresses as people paste them: "Ann <ann@x.example>; bob@y.example". */
export function readAddresses(text) {
    return text.split(/[,;、，；\n]+/).map((part) => {
        const m = /^\s*"?([^"<]*?)"?\s*<([^>]+)>\s*$/.exec(part);
        return m ? { name: m[1].trim(), addr: m[2].trim() } : { name: "", addr: part.trim() };
    }).filter((a) => a.addr);
}

/** Whether an address is one of the visitor's. */
export const isTheirs = (data, addr) =>
    [data.reply_to, ...(data.contact?.identities || []).map((i) => i.value)].some((x) => x && x.toLowerCase() == addr.toLowerCase());
