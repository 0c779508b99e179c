// Files of records and of our API, for staff who are not superusers.
import { RequestError } from "./pb.js";

/** See adapter.js for what each function promises. @param {{pb: Object, me: Object, root: string}} page */
export function staffFiles({ pb, me, root }) {
    const url = (path, query) => new URL(path.replace(/^\//, ""), root) + (query ? "?" + new URLSearchParams(query) : "");
    return {
        async fileURL({ collection, record, name }) {
            const token = await pb.fileToken();
            return url(["api", "files", collection, record, name].map(encodeURIComponent).join("/"), { download: 1, token });
        },
        async pictureURL(path, query = {}) {
            return url(path, { ...query, token: await pb.fileToken() });
        },
        async download(path, name) {
            const answer = await fetch(url(path), { headers: { Authorization: me.token() } });
            if (!answer.ok) throw new RequestError(answer.status, await answer.json().catch(() => ({})));
            const href = URL.createObjectURL(await answer.blob());
            t.a({ href, download: name }).click();
            setTimeout(() => URL.revokeObjectURL(href), 60_000);
        },
    };
}
